import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { AccessKeys } from '../../aws-emulator/access-keys';
import { RequestVerifier } from '../../aws-emulator/request-verifier';
import type { ClusterState } from '../../eks-emulator/cluster-state';
import { Updates } from '../../eks-emulator/update-api';
import { SignIn, type TokenReview } from '../../sign-in/sign-in';
import { FakeAccount, roleArn } from '../aws-emulator/fake-account';

const SIGNED_AT = new Date('2026-11-23T10:00:00Z');
const KEY = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'se/cr+et', sessionToken: 'a/session+token=' };

/** A token as `aws eks get-token` makes it. */
async function token(
  cluster: string,
  more: { key?: typeof KEY; host?: string; service?: string; query?: Record<string, string> } = {},
): Promise<string> {
  const { key = KEY, host = '127.0.0.1:4566', service = 'sts', query = {} } = more;
  const signer = new SignatureV4({ service, region: 'eu-west-1', credentials: key, sha256: Sha256 });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: '/',
      headers: { host, 'x-k8s-aws-id': cluster },
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15', ...query },
    },
    {
      expiresIn: 60,
      signingDate: SIGNED_AT,
      unhoistableHeaders: new Set(['x-k8s-aws-id']),
      unsignableHeaders: new Set(['content-type']),
    },
  );
  const parameters = new URLSearchParams(signed.query as Record<string, string>);
  return `k8s-aws-v1.${Buffer.from(`http://${host}/?${parameters.toString()}`).toString('base64url')}`;
}

const account = new FakeAccount();
const keys = new AccessKeys();
keys.remember(KEY);

function cluster(): ClusterState {
  const entry = {
    principalArn: roleArn('admin'),
    username: 'admin:{{SessionName}}',
    kubernetesGroups: ['operators'],
    type: 'STANDARD',
  };
  return {
    cluster: { name: 'seed' },
    ready: Promise.resolve(),
    nodeGroups: new Map(),
    addOns: new Map(),
    accessEntries: new Map([[roleArn('admin'), { entry, policies: new Map() }]]),
    podIdentities: new Map(),
    updates: new Updates('seed', () => undefined),
  };
}

async function review(value: string, minutesLater = 1, state = cluster()): Promise<TokenReview['status']> {
  const now = (): number => SIGNED_AT.getTime() + minutesLater * 60_000;
  const signIn = new SignIn(account, new RequestVerifier(keys, 'eu-west-1', now));
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token: value },
  } as const;
  return (await signIn.review(state, request)).status;
}

describe('a sign-in', () => {
  it('maps the session of a role to its access entry', async () => {
    expect(await review(await token('seed'))).toEqual({
      authenticated: true,
      user: {
        username: 'admin:session',
        uid: `aws-iam-authenticator:${roleArn('admin')}`,
        groups: ['operators'],
        extra: {
          accessKeyId: ['ASIAEXAMPLE'],
          arn: ['arn:aws:sts::111122223333:assumed-role/admin/session'],
          canonicalArn: [roleArn('admin')],
          sessionName: ['session'],
        },
      },
    });
  });

  it('is valid for fifteen minutes', async () => {
    expect(await review(await token('seed'), 14)).toMatchObject({ authenticated: true });
    expect(await review(await token('seed'), 16)).toEqual({
      authenticated: false,
      error: 'Request has expired',
    });
    expect(await review(await token('seed'), -6)).toMatchObject({
      authenticated: false,
      error: expect.stringContaining('not yet current') as unknown,
    });
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ['a token for another cluster', () => token('other'), /does not match the signature/],
    [
      'another secret',
      () => token('seed', { key: { ...KEY, secretAccessKey: 'guessed' } }),
      /does not match the signature/,
    ],
    [
      'an unknown key',
      () => token('seed', { key: { ...KEY, accessKeyId: 'AKIAOTHER' } }),
      /security token included in the request is invalid/,
    ],
    [
      'the session of another key',
      () => token('seed', { key: { ...KEY, sessionToken: 'another' } }),
      /security token included in the request is invalid/,
    ],
    ['another service', () => token('seed', { service: 'eks' }), /not presigned for STS/],
    ['another action', () => token('seed', { query: { Action: 'GetSessionToken' } }), /no GetCallerIdentity/],
    [
      'more parameters than a token has',
      () => token('seed', { query: { RoleArn: 'x' } }),
      /has the parameter RoleArn/,
    ],
    ['a service account of another cluster', () => Promise.resolve('eyJhbGciOi'), /not a token of EKS/],
    [
      'a parameter that only begins or ends as one of a token',
      () => token('seed', { query: { ActionX: 'y' } }),
      /has the parameter ActionX/,
    ],
    [
      'a parameter that only ends as one of a token',
      () => token('seed', { query: { XAction: 'y' } }),
      /has the parameter XAction/,
    ],
    ['no token', () => Promise.resolve(''), /not a token of EKS/],
    ['no URL', () => Promise.resolve('k8s-aws-v1.AAAA'), /holds no URL/],
  ])('is refused with %s', async (_, make, message) => {
    expect(await review(await make())).toEqual({
      authenticated: false,
      error: expect.stringMatching(message) as unknown,
    });
  });

  it('answers as the API server expects', async () => {
    const signIn = new SignIn(account, new RequestVerifier(keys, 'eu-west-1', () => SIGNED_AT.getTime()));
    const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview' } as const;
    expect(await signIn.review(cluster(), { ...asked, spec: { token: await token('seed') } })).toMatchObject(
      asked,
    );
    expect(await signIn.review(cluster(), asked)).toEqual({
      ...asked,
      status: { authenticated: false, error: 'not a token of EKS' },
    });
  });

  it('names a user by the principal if the entry has no name, and without groups', async () => {
    const state = cluster();
    state.accessEntries.set(roleArn('admin'), {
      entry: { principalArn: roleArn('admin') },
      policies: new Map(),
    });
    expect(await review(await token('seed'), 1, state)).toMatchObject({
      user: { username: roleArn('admin'), groups: [] },
    });
  });

  it('names the session in the name of a user, with and without what a name may not have', async () => {
    const arn = 'arn:aws:sts::111122223333:assumed-role/admin/ann@example.com';
    const others = new FakeAccount();
    others.caller = arn;
    const state = cluster();
    const entry = {
      principalArn: roleArn('admin'),
      username: '{{SessionName}} {{SessionNameRaw}} {{SessionName}}',
    };
    state.accessEntries.set(roleArn('admin'), { entry, policies: new Map() });
    const verifier = new RequestVerifier(keys, 'eu-west-1', () => SIGNED_AT.getTime());
    const { status } = await new SignIn(others, verifier).review(state, {
      ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview' },
      spec: { token: await token('seed') },
    });
    expect(status).toMatchObject({
      user: {
        username: 'ann-example.com ann@example.com ann-example.com',
        extra: { arn: [arn], sessionName: ['ann@example.com'] },
      },
    });
  });

  it('needs the signature of a GET without a body', async () => {
    const signed = {
      accessKeyId: 'AKIA',
      service: 'sts',
      signedHeaders: ['x-k8s-aws-id'],
      isPresigned: true,
    };
    const requests: unknown[] = [];
    const by = (more: Partial<typeof signed>, asked: Partial<FakeAccount> = {}) => {
      const verify = async (request: object, body: () => Promise<Buffer>) => {
        requests.push(request, (await body()).length);
        return { ...signed, ...more };
      };
      const verifier = { verify } as unknown as RequestVerifier;
      return new SignIn(Object.assign(new FakeAccount(), asked), verifier).review(
        { ...cluster(), cluster: {} },
        {
          ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview' },
          spec: {
            token: `k8s-aws-v1.${Buffer.from('https://sts/?Action=GetCallerIdentity').toString('base64url')}`,
          },
        },
      );
    };
    expect((await by({})).status).toMatchObject({ authenticated: true });
    const headers = { host: 'sts', 'x-k8s-aws-id': '' };
    expect(requests).toEqual([{ method: 'GET', url: '/?Action=GetCallerIdentity', headers }, 0]);
    for (const wrong of [{ isPresigned: false }, { service: 'ec2' }, { signedHeaders: ['host'] }]) {
      expect((await by(wrong)).status).toEqual({
        ...{ authenticated: false, error: 'the token is not presigned for STS with x-k8s-aws-id' },
      });
    }
    // What is no answer of AWS is no refusal.
    const callerArn = () => Promise.reject(new Error('the emulator is down'));
    await expect(by({}, { callerArn })).rejects.toThrow('the emulator is down');
  });

  it('is refused with a cluster name that is not signed', async () => {
    const text = Buffer.from((await token('seed')).slice('k8s-aws-v1.'.length), 'base64url').toString();
    const changed = text.replace('http://127.0.0.1:4566/', 'http://127.0.0.1:4566/other');
    expect(await review(`k8s-aws-v1.${Buffer.from(changed).toString('base64url')}`)).toEqual({
      authenticated: false,
      error: 'the token is no GetCallerIdentity',
    });
  });

  it('is refused without an access entry', async () => {
    const state = cluster();
    state.accessEntries.clear();
    expect(await review(await token('seed'), 1, state)).toEqual({
      authenticated: false,
      error: `no access entry for ${roleArn('admin')}`,
    });
  });

  it('is refused if a signed URL was changed', async () => {
    const text = Buffer.from((await token('seed')).slice('k8s-aws-v1.'.length), 'base64url').toString();
    const changed = text.replace('X-Amz-Expires=60', 'X-Amz-Expires=61');
    expect(changed).not.toBe(text);
    expect(await review(`k8s-aws-v1.${Buffer.from(changed).toString('base64url')}`)).toMatchObject({
      authenticated: false,
    });
  });
});
