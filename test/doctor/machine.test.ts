import t from 'tap'
import type { MachineFacts } from '../../src/doctor/facts.js'
import { readFacts } from '../../src/doctor/facts.js'
import { worstFirst, finding } from '../../src/doctor/finding.js'
import { clockFindingsOf, machineFindings } from '../../src/doctor/machine.js'
import { describeFindings } from '../../src/doctor/words.js'

const fine: MachineFacts = { node: 'v22.1.0', udpReceiveBytes: 212_992, watchedFolders: 8_192, isSynchronised: true, state: { path: '/var/lib/camgate', freeBytes: 1e9 } }
const tcp = { transport: 'tcp' } as const
const found = (facts: Partial<MachineFacts>, cameras: Parameters<typeof machineFindings>[1] = [tcp], viewers = 400) => machineFindings({ ...fine, ...facts }, cameras, viewers).map(({ level, code }) => `${level} ${code}`)

t.test('what is wrong with a machine', async t => {
  t.same(found({}), [])
  for (const [node, wrong] of [['v20.19.0', false], ['v20.18.9', true], ['v18.20.0', true], ['v24.0.0', false]] as const) t.same(found({ node }), wrong ? ['error old-node'] : [], node)
  t.same(found({}, [tcp], 63), ['warning few-files'])
  t.same(found({}, Array.from({ length: 300 }, () => tcp), 500), ['warning few-files'], 'for so many cameras')
  t.same(found({}, [{ transport: 'udp' }]), ['warning small-udp-buffer'])
  t.same(found({ udpReceiveBytes: 4_194_304 }, [{ transport: 'udp' }]), [])
  t.same(found({ watchedFolders: 10 }), ['note few-watches'])
  t.same(found({ isSynchronised: false }), ['note no-time-server'])
  t.same(found({ state: { path: '/s', freeBytes: 1e6 } }), ['warning disk-full'])
  t.same(found({ state: { problem: 'No folder.' } }), ['warning no-state-folder'])
  t.same(found({ udpReceiveBytes: undefined, watchedFolders: undefined, isSynchronised: undefined }, [{ transport: 'udp' }]), [], 'what is not known is not wrong')
})

t.test('the clock of a machine is wrong if its cameras agree on that', async t => {
  t.match(clockFindingsOf([60_000, 61_000]), [{ level: 'warning', code: 'wrong-clock', what: /60 s/ }])
  for (const offsets of [[], [60_000], [60_000, 0], [60_000, -60_000], [60_000, 600_000], [1_000, 2_000]]) t.same(clockFindingsOf(offsets), [], offsets.join())
})

t.test('facts are read without making a folder', async t => {
  const dir = t.testdir({})
  t.match(await readFacts(`${dir}/not/there`), { node: /^v\d+/, state: { path: `${dir}/not/there`, freeBytes: Number } })
  t.equal((await import('node:fs')).existsSync(`${dir}/not`), false)
  t.match(await readFacts('/dev/null/below'), { state: { problem: /cannot be used/ } })
})

t.test('findings in words come with what to do, and are counted', async t => {
  const all = [finding('note', 'service', 'x', 'A note.'), finding('warning', 'ffmpeg', 'x', 'A warning.', ['One.', 'Two.'], 'Why.'), finding('error', 'camera gate', 'x', 'An error.')]
  t.same(worstFirst(all).map(({ level }) => level), ['error', 'warning', 'note'])
  t.equal(describeFindings(all.slice(1)), 'warning  ffmpeg: A warning.\n         Why.\n         → One.\n         → Two.\nerror    camera gate: An error.\n\n1 error, 1 warning\n')
  t.match(describeFindings(all.slice(0, 1)), /Nothing is wrong\.\n$/)
})
