export async function status(..._: unknown[]): Promise<void> {
  await Promise.reject(new Error('not written yet'));
}
