import { styleText } from 'node:util';
import { visible } from '../../facts/visible-text';

/** What draws on a terminal: new lines, tabs, styles, and the cursor's way back. */
const DRAWING = '\n\t\r\b\u0007\u001b';

/** Lets no control character of a text reach a stream, besides those with which the program itself draws there. */
export function showControlCharacters(stream: NodeJS.WriteStream): void {
  const isDrawnOn = stream.isTTY || styleText('bold', ' ') !== ' ';
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = (chunk: unknown, ...args: unknown[]) =>
    write(typeof chunk === 'string' ? visible(chunk, isDrawnOn ? DRAWING : '\n\t') : chunk, ...args);
}
