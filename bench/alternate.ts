type Variants = Readonly<Record<string, () => Promise<unknown>>>;
type Round<V extends Variants> = { readonly [K in keyof V]: Awaited<ReturnType<V[K]>> };

/**
 * Runs all variants once a round, one at a time. The order turns by one every round, so that no variant always comes
 * after the same other one. Results are by round, then by variant.
 */
export async function alternate<V extends Variants>(
  rounds: number,
  variants: V,
  onRound: (round: Round<V>, index: number) => void,
): Promise<Round<V>[]> {
  const entries = Object.entries(variants);
  const done: Round<V>[] = [];
  for (let index = 0; index < rounds; index += 1) {
    const turned = [...entries.slice(index % entries.length), ...entries.slice(0, index % entries.length)];
    const results: Record<string, unknown> = {};
    for (const [name, run] of turned) results[name] = await run();
    const round = results as Round<V>;
    onRound(round, index);
    done.push(round);
  }
  return done;
}
