import { TerraformOutput } from 'cdktf';
import { AccessPoint, type AccessPointOptions } from '../../../../constructs/aws/storage/access-point';
import { awsStack } from '../aws-stack';

const accessPoint = (options: Partial<AccessPointOptions> = {}) =>
  awsStack((stack) => {
    new AccessPoint(stack, 'media', {
      fileSystemId: 'fs-1',
      name: 'seed/dev/media',
      path: '/dev/media',
      ...options,
    });
  }).resource;

it('an access point opens one directory for one user, and creates it at the first mount', () => {
  expect(accessPoint()['aws_efs_access_point']?.['media']).toMatchObject({
    file_system_id: 'fs-1',
    posix_user: { uid: 65_532, gid: 65_532 },
    root_directory: {
      path: '/dev/media',
      creation_info: { owner_uid: 65_532, owner_gid: 65_532, permissions: '0750' },
    },
    tags: { Name: 'seed/dev/media' },
  });
  expect(accessPoint({ user: 1000 })['aws_efs_access_point']?.['media']).toMatchObject({
    posix_user: { uid: 1000, gid: 1000 },
  });
});

it('another stack finds an access point by its name', () => {
  expect(accessPoint()['aws_ssm_parameter']?.['media_id']).toMatchObject({
    name: '/seed/dev/media/access-point',
    value: '${aws_efs_access_point.media.id}',
  });
  const { data, ...rest } = awsStack((stack) => {
    const found = AccessPoint.lookup(stack, 'media', 'seed/dev/media');
    new TerraformOutput(stack, 'found', { value: found });
  });
  expect(data['aws_ssm_parameter']?.['media_parameter']).toMatchObject({
    name: '/seed/dev/media/access-point',
  });
  expect(rest).toMatchObject({
    output: {
      found: {
        value: {
          fileSystemId: '${data.aws_efs_access_point.media.file_system_id}',
          accessPointId: '${data.aws_ssm_parameter.media_parameter.insecure_value}',
        },
      },
    },
  });
});

it.each(['/', 'media', '/a/b/c/d/e', '//media'])('an access point refuses the path %s', (path) => {
  expect(() => accessPoint({ path })).toThrow(
    `cluster/media: path: got "${path}"; a directory of up to four levels such as /dev/media is allowed`,
  );
});
