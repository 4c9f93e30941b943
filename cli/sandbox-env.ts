export async function printEnvironment(..._: unknown[]): Promise<void> {
  await Promise.reject(new Error('not written yet'));
}
