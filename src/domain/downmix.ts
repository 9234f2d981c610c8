/** Gains from one channel of the source into the left and right of the result. `channel` is ffmpeg's name, or its number as `c0`. */
export interface ChannelGains {
  readonly channel: string;
  readonly left: number;
  readonly right: number;
}

/** -3 dB: what goes to both sides is then heard as loud as it was from one loudspeaker. */
const BOTH = Math.SQRT1_2;
/** -6 dB: surroundings stay below the voices. */
const BEHIND = 0.5;

/**
 * Dialogue is in the centre: it keeps its full loudness, and effects from behind come softer than it. The deep effects
 * channel is left out, as everywhere: small loudspeakers only rattle with it. Channels that a source does not have
 * count for nothing, so one table serves all layouts, and a broadcast that changes its layout in the middle.
 */
const SURROUND: readonly ChannelGains[] = [
  { channel: 'FL', left: 1, right: 0 },
  { channel: 'FR', left: 0, right: 1 },
  { channel: 'FC', left: BOTH, right: BOTH },
  { channel: 'FLC', left: BOTH, right: 0 },
  { channel: 'FRC', left: 0, right: BOTH },
  { channel: 'BL', left: BEHIND, right: 0 },
  { channel: 'BR', left: 0, right: BEHIND },
  { channel: 'SL', left: BEHIND, right: 0 },
  { channel: 'SR', left: 0, right: BEHIND },
  { channel: 'BC', left: BEHIND * BOTH, right: BEHIND * BOTH },
];

/** Layouts by ffmpeg's name whose channels are all in the table (or are the deep effects). Any other is taken as single channels. */
const KNOWN_LAYOUT =
  /^(2\.1|3\.[01](\(back\))?|4\.[01]|quad(\(side\))?|5\.[01](\(side\))?|6\.[01](\(back\)|\(front\))?|7\.[01](\(front\)|\(wide\)|\(wide-side\))?|hexagonal)$/;

/**
 * How sound with more than two channels becomes stereo; null where nothing is to be done. Without a layout nobody knows
 * what a channel holds, so none is left out: the first two are left and right, as in every layout, the next two go to
 * both sides (the centre is the third of nearly all layouts), the others to one side each.
 */
export function downmixOf(channels: number, layout: string | null): readonly ChannelGains[] | null {
  if (channels <= 2) return null;
  if (layout !== null && KNOWN_LAYOUT.test(layout)) return SURROUND;
  return Array.from({ length: channels }, (_, n) => {
    const channel = `c${n}`;
    if (n === 2 || n === 3) return { channel, left: BOTH, right: BOTH };
    const gain = n < 2 ? 1 : BEHIND;
    return n % 2 === 0 ? { channel, left: gain, right: 0 } : { channel, left: 0, right: gain };
  });
}
