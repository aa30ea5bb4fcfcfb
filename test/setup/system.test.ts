import t from 'tap'
// @ts-ignore: plain JavaScript, so that it runs before there is a compiler
import { installCommand, isDebianRoot } from '../../src/setup/system.mjs'
// @ts-ignore: likewise
import { checkNode } from '../../src/setup/steps.mjs'
// @ts-ignore: likewise
import { SetupError } from '../../src/setup/run.mjs'

t.test('the setup', async t => {
  t.test('installs packages only as root on Debian and its relatives', async t => {
    t.ok(isDebianRoot(['debian'], 0))
    t.ok(isDebianRoot(['linuxmint', 'ubuntu', 'debian'], 0))
    t.notOk(isDebianRoot(['debian'], 1000))
    t.notOk(isDebianRoot(['fedora'], 0))
    t.notOk(isDebianRoot([], undefined))
  })
  t.test('returns the one command for this system', async t => {
    const command = (platform: string, ...names: string[]) => installCommand('ffmpeg', platform, names).replace('sudo ', '')
    t.equal(command('linux', 'debian'), 'apt-get install -y ffmpeg')
    t.equal(command('linux', 'alpine'), 'apk add ffmpeg')
    t.equal(command('linux', 'arch'), 'pacman -S ffmpeg')
    t.equal(command('linux', 'rhel', 'fedora'), 'dnf install ffmpeg-free')
    t.equal(command('darwin'), 'brew install ffmpeg')
    t.equal(command('win32'), 'winget install ffmpeg')
  })
  t.test('refuses a Node that is too old, and names one that works', async t => {
    for (const version of ['18.20.0', '20.18.9']) t.throws(() => checkNode(version), new SetupError(`Node.js ${version} is too old: install 20.19 or newer, for instance from nodejs.org.`))
    for (const version of ['20.19.0', '22.0.0', '24.1.0']) t.doesNotThrow(() => checkNode(version))
  })
})
