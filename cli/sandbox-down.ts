export async function down(..._: unknown[]): Promise<void> {
  await Promise.reject(new Error('not written yet'));
}
