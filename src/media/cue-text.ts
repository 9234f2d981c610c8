/** Italic, bold and underlined are what all players know. */
const KEPT_TAG = /^<(\/?)([ibu])>$/;
const FOREIGN_TAG = /^<\/?[A-Za-z][^<>]*>$/;

/**
 * Text of a cue that no player can take for anything else: no control characters, no blank line (it would end the cue),
 * no arrow (it would begin one), no tags but the three that all players know, each closed. Cleaning what is clean changes nothing.
 */
export function cleanCueText(lines: readonly string[]): string {
  const text = lines
    // C0 and C1, byte order marks, and what some take for a line's end.
    .map((line) => line.replace(/[\p{Cc}\uFEFF\u2028\u2029\uFFFD]/gu, '').trim())
    .filter((line) => line !== '')
    .join('\n');
  const open: string[] = [];
  let clean = '';
  for (const piece of pieces(text)) {
    const [, slash, tag] = KEPT_TAG.exec(piece) ?? [];
    if (tag === undefined) {
      if (!FOREIGN_TAG.test(piece)) clean += escaped(piece);
    } else if (slash === '') {
      open.push(tag);
      clean += piece;
    } else if (open.includes(tag)) {
      // What was opened inside it ends with it.
      for (let inner = open.pop(); inner !== undefined; inner = inner === tag ? undefined : open.pop()) clean += `</${inner}>`;
    }
  }
  for (const tag of open.reverse()) clean += `</${tag}>`;
  return clean.replace(/<([ibu])>\s*<\/\1>/g, '').trim() === '' ? '' : withoutBlankLines(clean);
}

/** Tags and what lies between them. */
const pieces = (text: string): string[] => text.split(/(<[^<>\n]{0,500}>)/).filter((piece) => piece !== '');

/** Taking a tag away may leave a line of nothing. */
const withoutBlankLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

const escaped = (text: string): string =>
  text
    .replace(/&(?!(?:amp|lt|gt|nbsp|lrm|rlm);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
