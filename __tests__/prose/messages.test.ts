import { execa } from 'execa';
import { join } from 'node:path';
import { committedText } from '../stacks/committed-text';

/** Every sentence of the code that a user can meet, by its file; `X` stands for a value. */
const CATALOG = join(__dirname, 'messages.txt');

it('one list has every message, so that a reviewer reads a change of words (jest --updateSnapshot accepts it)', async () => {
  const { stdout } = await execa(process.execPath, [join(__dirname, 'lint.mjs'), '--messages']);
  expect(stdout.split('\n').filter((line) => line.startsWith('  ')).length).toBeGreaterThan(150);
  expect(committedText(CATALOG, `${stdout}\n`)).toBe(`${stdout}\n`);
});
