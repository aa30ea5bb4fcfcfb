import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../src/package.js'

/** Where a sample puts camgate. */
export type Place = 'root' | 'path'

export interface Ports {
  /** Where the proxy listens. */
  readonly proxy: number
  readonly camgate: number
  readonly application: number
}

export interface Sample {
  readonly program: string
  readonly debianPackage: string
  /** Prints the version. */
  readonly version: string
  /** Whether the application decides who may see cameras. */
  readonly asksApplication: boolean
  readonly host: (place: Place) => string
  /** The sample for a test: with these ports, with files in `folder`, and with what the program's own package configures. */
  readonly text: (sample: string, place: Place, ports: Ports, folder: string) => string
  readonly args: (file: string) => string[]
}

/** Replaces every `from`, which the sample must contain: otherwise the sample has changed, and the test has to. */
function replace (text: string, ...pairs: ReadonlyArray<readonly [from: string, to: string]>): string {
  return pairs.reduce((so, [from, to]) => {
    if (!so.includes(from)) throw new Error(`the sample has no "${from}"`)
    return so.replaceAll(from, to)
  }, text)
}

const upstreams = ({ camgate, application }: Ports) => [['127.0.0.1:5000', `127.0.0.1:${camgate}`], ['127.0.0.1:8000', `127.0.0.1:${application}`]] as const

/** What Debian's nginx.conf has around the files of conf.d. `user`: its processes must be able to read the test's folder. */
const nginx = (folder: string, text: string) => `
user root;
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  ${text}
}`

const nginxArgs = (file: string) => ['-e', 'stderr', '-c', file]

export const samples: Readonly<Record<string, Sample>> = {
  'nginx.conf': {
    program: 'nginx',
    debianPackage: 'nginx-light',
    version: '-v',
    asksApplication: false,
    host: () => 'cameras.example.org',
    text: (sample, place, ports, folder) => nginx(folder, replace(sample,
      ['listen 443', `listen 127.0.0.1:${ports.proxy}`],
      ['/etc/nginx', folder],
      ...place === 'path' ? [['location / {  ', 'location /camgate/ {'], ['127.0.0.1:5000;  ', '127.0.0.1:5000/;']] as const : [],
      upstreams(ports)[0])),
    args: nginxArgs
  },
  'nginx-auth-request.conf': {
    program: 'nginx',
    debianPackage: 'nginx-light',
    version: '-v',
    asksApplication: true,
    host: () => 'www.example.org',
    text: (sample, place, ports, folder) => nginx(folder, replace(place === 'root' ? sample.replace(/ {2}location \/ \{[^}]*\}\n/, '') : sample,
      ['listen 443', `listen 127.0.0.1:${ports.proxy}`],
      ['/etc/nginx', folder],
      ...place === 'root' ? [['location /camgate/ {', 'location / {'], ['127.0.0.1:5000/;  ', '127.0.0.1:5000;']] as const : [],
      ...upstreams(ports))),
    args: nginxArgs
  },
  Caddyfile: {
    program: 'caddy',
    debianPackage: 'caddy',
    version: 'version',
    asksApplication: true,
    host: place => place === 'root' ? 'cameras.example.org' : 'www.example.org',
    text: (sample, _place, ports) => `{
  admin off
  https_port ${ports.proxy}
  auto_https disable_redirects
  default_bind 127.0.0.1
  local_certs
  skip_install_trust
  grace_period 1s
}
${replace(sample, ...upstreams(ports))}`,
    args: file => ['run', '--adapter', 'caddyfile', '--config', file]
  },
  'haproxy.cfg': {
    program: 'haproxy',
    debianPackage: 'haproxy',
    version: '-v',
    asksApplication: false,
    host: place => place === 'root' ? 'cameras.example.org' : 'www.example.org',
    text: (sample, _place, ports, folder) => replace(sample, ['bind :443', `bind 127.0.0.1:${ports.proxy}`], ['/etc/haproxy', folder], ...upstreams(ports)),
    args: file => ['-db', '-f', file]
  }
}

export const sampleText = (name: string): string => readFileSync(join(packageRoot, 'docs/proxies', name), 'utf8')
