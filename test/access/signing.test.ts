import { spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { camgateUrl } from '../../docs/signing/camgate-signing.js'
import { signLink, verifyLink } from '../../src/access/link.js'
import { packageRoot } from '../../src/package.js'
import { vectors } from './vectors.js'

const folder = join(packageRoot, 'docs/signing')
const PYTHON = '/usr/bin/python3'
const PHP = process.env.PHP_PATH ?? '/usr/bin/php'
const missing = (what: string, packages: string, program: string, ...args: string[]) => spawnSync(program, args).status !== 0 &&
  `NOT TESTED: there is no ${what}. Install it (apt-get install ${packages}).`

const SIGN_IN_PYTHON = `
import json, sys
from camgate_signing import camgate_url
given = json.load(sys.stdin)
print(json.dumps([camgate_url(v["address"], v["sub"], key=given["keys"][v["kid"]], kid=v["kid"], seconds=v["seconds"], base=v["base"], now=v["now"]) for v in given["sign"]]))
`
const SIGN_IN_PHP = `
require 'camgate_signing.php';
$given = json_decode(stream_get_contents(STDIN), true);
echo json_encode(array_map(fn ($v) => camgate_url($v['address'], $v['sub'], key: $given['keys'][$v['kid']], kid: $v['kid'], seconds: $v['seconds'], base: $v['base'], now: $v['now']), $given['sign']));
`
/** A project with one app, whose tag is the guide's. */
const RENDER_IN_DJANGO = `
import json, sys
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["cameras"], CAMGATE_PUBLIC_URL="https://cams.example.org", CAMGATE_LINK_KEY="the key",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}])
django.setup()
from django.template import engines

class User:
    def __init__(self, name):
        self.is_authenticated, self.name = bool(name), name
    def get_username(self):
        return self.name

class Request:
    def __init__(self, name):
        self.user = User(name)

page = engines["django"].from_string(sys.argv[1])
print(json.dumps([page.template.render(django.template.Context({"request": Request(name)})) for name in json.load(sys.stdin)]))
`

/** What a program of another language prints. */
function printed (program: string, args: string[], given: unknown, cwd = folder): string[] {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, input: JSON.stringify(given), encoding: 'utf8', env: { PYTHONPATH: cwd, PYTHONDONTWRITEBYTECODE: '1' }, timeout: 20_000 })
  if (status !== 0) throw new Error(stderr + stdout)
  return JSON.parse(stdout)
}
const checkAll = (t: Test, urls: string[]) => {
  t.equal(urls.length, vectors.sign.length)
  for (const [index, { name, url }] of vectors.sign.entries()) t.equal(urls[index], url, name)
}

t.test('the helpers that sign', async t => {
  t.test('in TypeScript agree with the vectors', async t => {
    checkAll(t, vectors.sign.map(({ address, sub, kid, ...rest }) => camgateUrl(address, sub, { ...rest, kid, key: vectors.keys[kid]! })))
    t.throws(() => camgateUrl('/camera/1', '', { key: 'x' }), { message: /needs a user/ })
  })
  t.test('in Python agree with the vectors', { skip: missing(PYTHON, 'python3', PYTHON, '--version') }, async t => {
    checkAll(t, printed(PYTHON, ['-c', SIGN_IN_PYTHON], vectors))
  })
  t.test('in PHP agree with the vectors', { skip: missing(PHP, 'php-cli', PHP, '--version') }, async t => {
    checkAll(t, printed(PHP, ['-r', SIGN_IN_PHP], vectors))
  })
  t.test('sign the four lines of docs/http.md', async t => {
    const [, text = ''] = /```text\n(camgate1\n.*?)\n```/s.exec(readFileSync(join(packageRoot, 'docs/http.md'), 'utf8')) ?? []
    const [, sig] = signLink('/camera/1?fps=5', { kid: 'k1', sub: 'anna', iat: 1795770000, exp: 1795770600 }, 'the key').split('&sig=')
    t.equal(createHmac('sha256', 'the key').update(text).digest('base64url'), sig)
  })
  t.test('in Django, as the guide shows it, sign for the user of the page', { skip: missing('Django', 'python3-django', PYTHON, '-c', 'import django') }, async t => {
    const guide = readFileSync(join(packageRoot, 'docs/guide/django.md'), 'utf8')
    const tag = /```python\n(# cameras\/templatetags\/camgate\.py.*?)```/s.exec(guide)![1]!
    const page = /```html\n(\{% load camgate %\}.*?)```/s.exec(guide)![1]!
    const project = t.testdir({ cameras: { '__init__.py': '', templatetags: { '__init__.py': '', 'camgate.py': tag } } })
    copyFileSync(join(folder, 'camgate_signing.py'), join(project, 'cameras/camgate_signing.py'))
    const [known, nobody] = printed(PYTHON, ['-c', RENDER_IN_DJANGO, page], ["Jürgen O'Neil", ''], project)
    const links = [...known!.matchAll(/src="([^"]*)"/g)].map(([, src]) => new URL(src!.replaceAll('&amp;', '&')))
    t.same(links.map(({ origin, pathname }) => origin + pathname), ['https://cams.example.org/camera/1', 'https://cams.example.org/camera/2'])
    const lifetimes = links.map(({ pathname, searchParams }) => {
      const verdict = verifyLink(pathname, [...searchParams], new Map([['k1', 'the key']]), Date.now())
      t.match(verdict, { kind: 'good', link: { sub: "Jürgen O'Neil" } }, pathname)
      return Number(searchParams.get('exp')) - Number(searchParams.get('iat'))
    })
    t.same(lifetimes, [600, 43_200])
    t.equal(links[1]!.searchParams.get('rendition'), 'thumb')
    t.match(nobody, /src="https:\/\/cams\.example\.org\/camera\/1"/)
    t.notMatch(nobody, /sig=/)
  })
})
