import { createStatementNames } from '../../../src/catalogue/statement-names.js';

const fault = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });
const stale = fault('0A000', 'cached plan must not change result type');
const used = (names: ReturnType<typeof createStatementNames>, text: string, times: number) =>
  Array.from({ length: times }, () => names.nameOf(text)).at(-1);

test('a text gets a name when it has come often, its own and always the same', () => {
  const names = createStatementNames();
  expect(used(names, 'one', 4)).toBeUndefined();
  const one = used(names, 'one', 1);
  expect(one).toBeDefined();
  expect([names.nameOf('one'), used(names, 'two', 5)]).toEqual([one, expect.not.stringMatching(`^${one}$`)]);
});

test('there are a hundred names at most, and those who come later go without', () => {
  const names = createStatementNames();
  const all = Array.from({ length: 150 }, (_, n) => used(names, `text ${n}`, 6));
  expect(all.filter((name) => name !== undefined)).toHaveLength(100);
  expect(new Set(all).size).toBe(101);
});

test('after a migration all names are new ones, however many statements failed by it', () => {
  const names = createStatementNames();
  const before = used(names, 'one', 5) ?? '';
  for (let n = 0; n < 3; n += 1) names.heard(stale, before);
  const after = names.nameOf('one');
  expect(after).not.toBe(before);
  names.heard(stale, before);
  expect(names.nameOf('one')).toBe(after);
});

test.each(['26000', '42P05'])('where names are not followed (%s) there are none any more', (code) => {
  const names = createStatementNames();
  const name = used(names, 'one', 5) ?? '';
  names.heard(fault(code), name);
  expect(names.nameOf('one')).toBeUndefined();
});

test('other faults say nothing about names', () => {
  const names = createStatementNames();
  const name = used(names, 'one', 5) ?? '';
  for (const each of [fault('23505'), fault('0A000', 'not supported'), new Error('x'), null]) names.heard(each, name);
  expect(names.nameOf('one')).toBe(name);
});
