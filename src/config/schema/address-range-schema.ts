import { text } from './form';

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ADDRESS = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`);
const RANGE = new RegExp(`^${OCTET}(\\.${OCTET}){3}/(3[0-2]|[12]?\\d)$`);

/** An IPv4 range in CIDR notation (RFC 4632). */
export const range = () =>
  text('an IPv4 range, such as 10.0.0.0/16', RANGE, (got) =>
    ADDRESS.test(got) ? `a single address is written ${got}/32` : undefined,
  );
