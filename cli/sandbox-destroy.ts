export async function destroy(..._: unknown[]): Promise<void> {
  await Promise.reject(new Error('not written yet'));
}
