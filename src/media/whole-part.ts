/** What one packet of a stream says of itself; times in microseconds on the file's time line. */
export interface PacketFacts {
  readonly timeUs: number | null;
  readonly decodeUs: number | null;
  readonly durationUs: number;
  readonly sizeBytes: number;
  readonly discarded: boolean;
}

/** Frames lie at most 16 places from where they are shown; four times that is safe. */
const HELD_BACK = 64;

/**
 * Of a stream that breaks off: the packets up to the last moment before which nothing is missing. Decoders need packets
 * in another order than frames are shown in, so a file that is cut holds a late frame and lacks an earlier one. A frame
 * is never shown before it is decoded; so all that is shown up to the last packet's time of decoding is there. That last
 * packet itself may be cut in its middle and does not count.
 */
export class WholePart {
  private readonly tail: PacketFacts[] = [];

  constructor(private readonly take: (packet: PacketFacts) => void) {}

  add(packet: PacketFacts): void {
    this.tail.push(packet);
    const first = this.tail.length > HELD_BACK ? this.tail.shift() : undefined;
    if (first) this.take(first);
  }

  end(): void {
    const whole = this.tail.slice(0, -1);
    const lastUs = whole.reduce((most, { decodeUs, timeUs }) => Math.max(most, decodeUs ?? timeUs ?? most), Number.NEGATIVE_INFINITY);
    for (const packet of whole) if (packet.timeUs === null || packet.timeUs <= lastUs) this.take(packet);
  }
}
