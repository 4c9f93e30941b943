/** Suffixes in rising order: each is 1024, or 1000, times the one before. */
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** `1500m` for `1.5`, `1` for `1000m`; nothing when the text is not an amount of CPU above zero. */
export function canonicalCpu(text: string): string | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,3}))?(m?)$/.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = '', milli] = match;
  if (milli && fraction) return undefined;
  const millis = milli ? BigInt(whole) : BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, '0'));
  if (millis === 0n) return undefined;
  return millis % 1000n === 0n ? String(millis / 1000n) : `${millis}m`;
}

/**
 * `1Gi` for `1024Mi`, `1536Mi` for `1.5Gi`; nothing when the text is not an amount of memory above zero, in whole bytes.
 * The suffix is the largest that leaves a whole number. Source: Kubernetes API reference, Quantity.
 */
export function canonicalMemory(text: string): string | undefined {
  const match = /^(\d{1,15})(?:\.(\d{1,9}))?(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)?$/.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = '', suffix = ''] = match;
  const [suffixes, base] = suffix.endsWith('i') ? ([BINARY, 1024n] as const) : ([DECIMAL, 1000n] as const);
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * base ** BigInt(suffixes.indexOf(suffix));
  if (scaled === 0n || scaled % scale !== 0n) return undefined;
  let amount = scaled / scale;
  let power = 0;
  while (amount % base === 0n && power < suffixes.length - 1) {
    amount /= base;
    power += 1;
  }
  return `${amount}${suffixes[power] ?? ''}`;
}
