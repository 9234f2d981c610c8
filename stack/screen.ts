/**
 * What the user sees: lines that stay, and at the bottom a few live lines. On a terminal live lines are redrawn in place;
 * elsewhere (a pipe, CI) only those are printed whose text was marked as worth a line.
 */
export interface Screen {
  say(line: string): void;
  /** Replaces the live lines; `[]` removes them. */
  live(lines: readonly LiveLine[]): void;
  /** The live lines stay as they are. */
  settle(): void;
}

export interface LiveLine {
  readonly key: string;
  readonly text: string;
  /** Printed where nothing can be redrawn, once per change of this value. */
  readonly milestone: string;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export function createScreen(output: Output = process.stdout): Screen {
  return output.isTTY === true ? terminalScreen(output) : plainScreen(output);
}

function terminalScreen(output: Output): Screen {
  let drawn: readonly LiveLine[] = [];
  const erase = (): string => (drawn.length > 0 ? `\u001b[${drawn.length}A\u001b[0J` : '');
  const draw = (): string => drawn.map((line) => `${cut(line.text, output.columns ?? 80)}\n`).join('');
  return {
    say(line) {
      output.write(`${erase()}${line}\n${draw()}`);
    },
    live(lines) {
      const before = erase();
      drawn = lines;
      output.write(before + draw());
    },
    settle() {
      drawn = [];
    },
  };
}

function plainScreen(output: Output): Screen {
  const told = new Map<string, string>();
  return {
    say(line) {
      output.write(`${line}\n`);
    },
    live(lines) {
      for (const line of lines) {
        if (told.get(line.key) === line.milestone) continue;
        told.set(line.key, line.milestone);
        output.write(`${line.milestone}\n`);
      }
    },
    settle() {
      told.clear();
    },
  };
}

/** A line that wraps would be counted as one and leave its rest on the screen. */
function cut(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(1, columns - 2))}…`;
}
