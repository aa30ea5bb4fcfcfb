import { spawnSync } from 'node:child_process'
import t from 'tap'
import { bashCompletion } from '../../../src/cli/completion/bash.js'
import { fishCompletion } from '../../../src/cli/completion/fish.js'
import { describeCommands } from '../../../src/cli/completion/words.js'
import { zshCompletion } from '../../../src/cli/completion/zsh.js'
import type { Command } from '../../../src/cli/command.js'

const command = (parts: Partial<Command>): Command => ({ usage: '', options: {}, run: async () => undefined, ...parts })
const commands = await describeCommands([
  { name: 'serve', summary: "serve a file's cameras", load: async () => command({ operands: 'file', options: { config: { type: 'string', short: 'c', values: 'file' }, port: { type: 'string' } } }) },
  { name: 'simulate', summary: 'simulate', load: async () => command({ options: { codec: { type: 'string', values: ['h264', 'mjpeg'] }, tls: { type: 'boolean' } } }) },
  { name: 'doctor', summary: 'examine', load: async () => command({ operands: 'camera' }) },
  { name: 'sign', summary: 'sign', load: async () => command({ operands: 'camera address' }) },
  { name: 'version', summary: 'version', load: async () => command({}) }
])
/** Prints these ids, and ignores its other arguments. */
const program = ['printf', '1\\ngate\\ngarden\\n']
const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0
const cwd = t.testdir({ 'cam one.yaml': '', 'cameras.yaml': '', "it's": { 'x.yaml': '' } })

t.test('completion for bash', { skip: !has('bash') && 'NOT TESTED: there is no bash' }, async t => {
  const script = bashCompletion(commands, program)
  /** What bash offers for the last word, sorted. */
  const offered = (...words: string[]) => {
    const drive = `${script}\nCOMP_WORDS=(camgate "$@"); COMP_CWORD=$#; _camgate; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', drive, 'bash', ...words], { encoding: 'utf8', cwd, timeout: 60_000 })
    t.equal(stderr, '')
    t.equal(status, 0)
    return stdout.split('\n').filter(Boolean).sort()
  }
  t.test('offers commands, and then what the command takes', async t => {
    t.same(offered(''), ['doctor', 'help', 'serve', 'sign', 'simulate', 'version'])
    t.same(offered('si'), ['sign', 'simulate'])
    t.same(offered('help', 'ser'), ['serve'])
    t.same(offered('version', ''), [])
    t.same(offered('simulate', ''), [])
  })
  t.test('offers options and their values', async t => {
    t.same(offered('simulate', '-'), ['--codec', '--help', '--json', '--tls', '-h'])
    t.same(offered('simulate', '--codec', ''), ['h264', 'mjpeg'])
    t.same(offered('simulate', '--codec', '=', 'm'), ['mjpeg'])
    t.same(offered('simulate', '--tls', '--co'), ['--codec'])
    t.same(offered('serve', '--port', ''), [])
    t.same(offered('--po'), ['--port'], 'serve is the command if there is none')
  })
  t.test('offers files, also with spaces and quotes in their names', async t => {
    t.same(offered('serve', '--config', 'cam'), ['cam one.yaml', 'cameras.yaml'])
    t.same(offered('serve', '-c', 'it'), ["it's"])
    t.same(offered('serve', 'camer'), ['cameras.yaml'])
    t.same(offered('camer'), ['cameras.yaml'])
  })
  t.test('offers the cameras of the configuration', async t => {
    t.same(offered('doctor', ''), ['1', 'garden', 'gate'])
    t.same(offered('doctor', 'ga'), ['garden', 'gate'])
    t.same(offered('sign', '/camera/g'), ['/camera/garden', '/camera/gate'])
    t.same(offered('sign', '/v'), ['/video_feed'])
  })
  t.test('is taken by bash for the command', async t => {
    t.match(spawnSync('bash', ['--norc', '-c', `${script}\ncomplete -p camgate`], { encoding: 'utf8' }).stdout, /^complete .*-F _camgate camgate$/m)
  })
})

t.test('completion for zsh', { skip: !has('zsh') && 'NOT TESTED: there is no zsh' }, async t => {
  const script = zshCompletion(commands, program)
  const { stdout, stderr, status } = spawnSync('zsh', ['-f', '-c', `autoload -Uz compinit; compinit -D; ${script}\nprint $_comps[camgate]; _camgate_ids`], { encoding: 'utf8', timeout: 60_000 })
  t.same({ stdout, stderr, status }, { stdout: '_camgate\n1\ngate\ngarden\n', stderr: '', status: 0 })
})

t.test('completion for fish', { skip: !has('fish') && 'NOT TESTED: there is no fish' }, async t => {
  const offered = (line: string) => spawnSync('fish', ['--no-config', '-c', `${fishCompletion(commands, program)}\ncomplete -C ${JSON.stringify(line)}`], { encoding: 'utf8', cwd, timeout: 60_000 }).stdout.split('\n').map(word => word.split('\t')[0]).filter(Boolean).sort()
  t.same(offered('camgate si'), ['sign', 'simulate'])
  t.same(offered('camgate simulate --codec '), ['h264', 'mjpeg'])
  t.same(offered('camgate doctor g'), ['garden', 'gate'])
})

t.test('completion for zsh and fish names every command, option and value', async t => {
  for (const make of [zshCompletion, fishCompletion]) {
    const script = make(commands, program)
    for (const word of ['serve', 'simulate', 'doctor', 'sign', 'version', 'config', 'codec', 'h264', 'mjpeg', 'json', "'\\''s cameras", "'printf' '1\\ngate\\ngarden\\n' completion --ids"]) t.ok(script.includes(word), word)
  }
})
