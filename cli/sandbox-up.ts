export async function up(..._: unknown[]): Promise<void> {
  await Promise.reject(new Error('not written yet'));
}
