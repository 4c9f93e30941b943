/** Name of the secret in AWS Secrets Manager that the samples read. */
export const SECRET_NAME = 'shop/samples';

/** What it holds, by key: for every type of Secret what the API server takes. */
export const SECRET_VALUES: Readonly<Record<string, string>> = {
  username: 'shop',
  password: 'marked-password',
  'ssh-privatekey': 'marked-ssh-key',
  'tls.crt': 'marked-certificate',
  'tls.key': 'marked-key',
  '.dockerconfigjson': '{"auths":{}}',
};

/**
 * Reads the secret for the expressions of Terraform that do: one of its keys, or the whole of it.
 *
 * @param values what it holds
 */
export function secretReader(values = SECRET_VALUES): (expression: string) => string | undefined {
  return (expression) => {
    const key = /^jsondecode\(.*\)\["(.+)"\]$/.exec(expression)?.[1];
    return key === undefined ? JSON.stringify(values) : values[key];
  };
}
