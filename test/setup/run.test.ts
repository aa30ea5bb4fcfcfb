import t from 'tap'
// @ts-ignore: plain JavaScript, so that it runs before there is a compiler
import { run, SetupError, step } from '../../src/setup/run.mjs'

const node = (code: string) => run(process.execPath, ['-e', code], 'Nothing was installed') as Promise<void>

/** What `work` writes to stderr. */
async function written (work: () => Promise<unknown>): Promise<string> {
  const lines = t.capture(process.stderr, 'write', () => true)
  await work()
  return lines().map(({ args: [text] }) => text).join('')
}

t.test('a step of the setup', async t => {
  t.test('prints one line with its seconds, whatever its program prints', async t => {
    const text = await written(() => step('installed the packages', () => node('console.log("300 lines"); console.error("of apt-get")')))
    t.match(text, /^camgate: installed the packages \(\d+\.\d s\)\n$/)
  })
  t.test('prints everything that its program wrote if that fails, and what should have happened', async t => {
    const failed = node('console.log("first"); console.error("no space left"); process.exitCode = 3')
    await t.rejects(failed, { constructor: SetupError, message: /first[^]*no space left[^]*\nNothing was installed: .+ failed \(3\)\.$/ })
    await t.rejects(run('no-such-program', [], 'Nothing was installed'), { message: /no-such-program.*ENOENT[^]*Nothing was installed/ })
  })
})
