import type { Construct } from 'constructs';
import {
  Cpu,
  Deployment,
  EnvValue,
  PersistentVolumeClaim,
  Probe,
  Secret,
  Size,
  StorageClass,
  Volume,
} from 'kubernetes-on-aws/kubernetes';

/** A site and its database, each of one Pod with a disk. The password is in `TF_VAR_mysql_password` while Terraform runs. */
export function wordpress(scope: Construct): Deployment {
  const login = Secret.fromEnvironment(scope, 'mysql-pass', {
    keys: { password: 'mysql_password' },
    revision: 1,
  });
  const password = EnvValue.fromSecret(login, 'password');
  const storageClass = new StorageClass(scope, 'disk', { reclaimPolicy: 'Retain' });
  const disk = (name: string, claim: string): Volume =>
    Volume.fromClaim(new PersistentVolumeClaim(scope, claim, { size: Size.gibibytes(20), storageClass }), {
      name,
    });
  const common = {
    readOnlyRootFilesystem: false,
    resources: { cpu: Cpu.millis(250), memory: Size.mebibytes(512) },
  };

  const mysql = new Deployment(scope, 'wordpress-mysql', {
    replicas: 1,
    strategy: 'Recreate',
    selector: { app: 'wordpress', tier: 'mysql' },
  });
  const database = mysql.addContainer('mysql', {
    ...common,
    image: 'mysql:8.0',
    ports: { mysql: 3306 },
    user: 999,
    env: {
      MYSQL_ROOT_PASSWORD: password,
      MYSQL_DATABASE: EnvValue.fromValue('wordpress'),
      MYSQL_USER: EnvValue.fromValue('wordpress'),
      MYSQL_PASSWORD: password,
    },
    readiness: Probe.fromTcpSocket('mysql'),
  });
  database.mount('/var/lib/mysql', disk('mysql-persistent-storage', 'mysql-pv-claim'));
  mysql.expose({ headless: true });

  const site = new Deployment(scope, 'wordpress', {
    ...common,
    replicas: 1,
    strategy: 'Recreate',
    image: 'wordpress:6.2.1-apache',
    selector: { 'app.kubernetes.io/name': 'wordpress', tier: 'frontend' },
    ports: { wordpress: 80 },
    user: 33,
    capabilities: ['NET_BIND_SERVICE'],
    env: {
      WORDPRESS_DB_HOST: EnvValue.fromValue('wordpress-mysql'),
      WORDPRESS_DB_PASSWORD: password,
      WORDPRESS_DB_USER: EnvValue.fromValue('wordpress'),
    },
    readiness: Probe.fromHttpGet('/wp-includes/version.php', 'wordpress'),
  });
  site.container.mount('/var/www/html', disk('wordpress-persistent-storage', 'wp-pv-claim'));
  site.expose({ type: 'LoadBalancer' });
  site.connections.allowTo(mysql, 'mysql').allowFromCidr('10.0.0.0/16', 'wordpress');
  return site;
}
