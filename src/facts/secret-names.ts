const SECRET_WORDS = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'token',
  'credential',
  'credentials',
];
const SECRET_KEYS = ['private', 'api', 'access', 'secret', 'encryption', 'signing'];

/** Whether a name says that its value is a secret. By its last words: DB_PASSWORD and api-key are secrets, PASSWORD_FILE and TOKEN_URL only lead to one. */
export function saysSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const [last = '', before = ''] = words.reverse();
  return SECRET_WORDS.includes(last) || (last === 'key' && SECRET_KEYS.includes(before));
}
