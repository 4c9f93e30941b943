import cliui = require('cliui');
import { visible } from '../../facts/visible-text';

// Required and not imported: as an ES module it wraps in the middle of words. Its types know the ES module only.
const layout = cliui as unknown as typeof cliui.default;

/** Blanks between two columns. */
const GAP = 2;
/** No column is made narrower than this, in characters. */
const NARROWEST = 12;

/** How wide a table may be: as the terminal, or as it comes where there is none. */
export function terminalWidth(stream: NodeJS.WriteStream = process.stdout): number {
  return stream.isTTY ? stream.columns : Infinity;
}

/**
 * Lays rows out in columns, each as wide as its longest line as far as the width allows; what is longer is wrapped between words. A
 * word, such as an ID, is never broken: a row may be wider then. A cell of numbers is to be aligned to the right.
 *
 * @param rows the first one is the head; cells may have several lines
 * @param right indexes of the columns that are aligned to the right
 */
export function table(
  rows: readonly (readonly string[])[],
  width: number,
  right: readonly number[] = [],
): string {
  const shown = rows.map((row) => row.map((text) => visible(text)));
  const widths = columnWidths(shown, width);
  const ui = layout({ width: widths.reduce((sum, column) => sum + column, 0) });
  for (const row of shown) {
    ui.div(
      ...row.map((text, i) => ({
        text,
        width: widths[i] ?? 0,
        padding: [0, i === row.length - 1 ? 0 : GAP, 0, 0],
        align: right.includes(i) ? ('right' as const) : ('left' as const),
      })),
    );
  }
  return ui.toString();
}

function columnWidths(rows: readonly (readonly string[])[], width: number): number[] {
  const count = Math.max(...rows.map((row) => row.length));
  const longest = (separator: string): number[] =>
    Array.from({ length: count }, (_, i) => {
      const parts = rows.flatMap((row) =>
        (row[i] ?? '').split('\n').flatMap((line) => line.split(separator)),
      );
      return Math.max(...parts.map((part) => part.length)) + (i === count - 1 ? 0 : GAP);
    });
  const widths = longest('\n');
  const words = longest(' ').map((word) => Math.max(word, NARROWEST));
  // What is too much is taken from the widest, character by character.
  for (let over = widths.reduce((sum, w) => sum + w, 0) - width; over > 0; over--) {
    const room = widths.map((column, i) => (column > (words[i] ?? 0) ? column : 0));
    const widest = room.indexOf(Math.max(...room));
    if ((room[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
