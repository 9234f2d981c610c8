import type { Expected, HonestRow } from '../row.js';
import { aac, beeps, coded, flashFrames, h264, PATCHES, picture, SCENE, type Scene } from '../scene.js';

/** What comes of the scene where nothing is to be decided about it. */
export function seen(scene: Partial<Scene> = {}, more: Partial<Expected> = {}): Expected {
  const { width, height, rate, frames } = { ...SCENE, ...scene };
  const size = { width: width - (width % 2), height: height - (height % 2) };
  const flashes = flashFrames({ frames });
  const exact = rate.includes('/') ? rate : `${rate}/1`;
  return { ...size, rate: exact, frames, corners: PATCHES, flashes, sound: true, decisions: [], ...more };
}

/** A row whose source is one command: the scene, as H.264 and AAC in BT.709 where `args` do not say otherwise. */
export function row(
  named: readonly [group: string, name: string, file: string],
  expect: HonestRow['expect'],
  how: {
    readonly scene?: Partial<Scene>;
    readonly args?: readonly string[];
    /** null: without. */
    readonly sound?: readonly string[] | null;
    readonly before?: readonly string[];
    readonly patch?: HonestRow['patch'];
  } = {},
): HonestRow {
  const [group, name, file] = named;
  const sound = how.sound === undefined ? aac : how.sound;
  return {
    ...{ group, name, file, expect },
    ...(how.patch ? { patch: how.patch } : {}),
    make: (path) => [
      [
        ...(how.before ?? []),
        ...picture(how.scene),
        ...(sound ? beeps(how.scene) : []),
        ...['-map', '0:v', ...(how.args ?? [...coded(), ...h264()])],
        ...(sound ? ['-map', '1:a', ...sound] : []),
        path(file),
      ],
    ],
  };
}
