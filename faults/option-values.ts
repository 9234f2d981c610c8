import { type ParseArgsConfig, parseArgs } from 'node:util';
import { optionFault, StackFault } from '../stack/fault.js';

/** The options of one fault command. @throws StackFault in words */
export function parsed<C extends ParseArgsConfig>(config: C): ReturnType<typeof parseArgs<C>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw optionFault(error);
  }
}

/** @throws StackFault where the text is no whole number between the two */
export function whole(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new StackFault(`${flag} takes a whole number from ${least} to ${most}, not "${text}".`);
  return value;
}
