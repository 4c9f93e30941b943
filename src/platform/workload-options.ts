import { text } from '../config/schema/form';
import type { Text } from '../config/schema/form';

/** The tag of an image. `latest` is refused, because it moves. */
export function imageTag(): Text {
  return text(
    'an image tag that does not move, such as 1.4.0',
    /^(?!latest$)[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
  );
}

/** A DNS name in lower case, with at least one dot; no IP address, whose last part is a number. */
export function hostName(): Text {
  return text(
    'a DNS name in lower case, such as shop.example.com',
    /^(?=.{1,253}$)(?!.*\.\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
    (got) => {
      const bare = got
        .replace(/^https?:\/\//, '')
        .replace(/\/.*$/, '')
        .toLowerCase();
      return bare === got || bare === '' ? undefined : `write ${bare}`;
    },
  );
}
