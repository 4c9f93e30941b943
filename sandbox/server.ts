export async function serve(_: { directory: string }): Promise<void> {
  await Promise.reject(new Error('not yet'));
}
