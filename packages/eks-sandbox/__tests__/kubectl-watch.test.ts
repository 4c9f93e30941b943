import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kubectl } from '../kubectl';

it('a watch reports each line of kubectl as an event, and opens again after it breaks', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
  const event = (type: string, name: string): string =>
    JSON.stringify({ type, object: { metadata: { name } } });
  const lines = [event('ADDED', 'a'), event('DELETED', 'a')].map((line) => `echo '${line}'`);
  writeFileSync(join(folder, 'kubectl'), ['#!/bin/sh', ...lines, 'echo gone >&2', 'exit 1', ''].join('\n'), {
    mode: 0o755,
  });
  const stop = new AbortController();
  const seen: string[] = [];
  try {
    await new Kubectl('none', { PATH: `${folder}:${process.env['PATH'] ?? ''}` }).watch<{
      metadata: { name: string };
    }>(
      'pods',
      {
        onOpen: () => seen.push('open'),
        onEvent: (type, { metadata }) => seen.push(`${type} ${metadata.name}`),
        onBreak: (reason) => {
          seen.push(`break: ${reason}`);
          if (seen.length > 4) stop.abort();
        },
      },
      stop.signal,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  const once = ['open', 'ADDED a', 'DELETED a', 'break: gone'];
  expect(seen).toEqual([...once, ...once]);
});
