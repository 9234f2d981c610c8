import type { HonestRow } from '../row.js';
import { COLOURS } from './colours.js';
import { INPUTS, REFUSALS } from './inputs.js';
import { SHAPES } from './shapes.js';
import { TIMES } from './times.js';

/** The whole matrix, in the order of its table. */
export const ROWS: readonly HonestRow[] = [...SHAPES, ...COLOURS, ...TIMES, ...INPUTS, ...REFUSALS];
