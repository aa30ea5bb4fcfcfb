import t from 'tap'
import { soak } from '../soak/soak.js'
import { KINDS } from '../soak/viewers.js'

/** For a longer one: npm run soak -- --minutes 10 */
const short = { seed: 1, chaos: 7_000, viewers: 200, kills: 20 }

t.test('a short soak', { timeout: 200_000 }, async t => {
  const tally = await soak(t, { ...short, folder: t.testdir(), say: line => t.comment(line) })
  t.same(tally.violations, [])
  t.comment(`${tally}`)
  for (const group of ['fault', 'button', 'visit', 'audience']) t.ok(tally.all(group) > 2, `a good many of each ${group}`)
  for (const kind of KINDS) t.ok(kind === 'stalled' || tally.of(`picture ${kind}`) > 0, `${kind} viewers see pictures`)
  t.ok(tally.of('kill ffmpeg') >= short.kills)
})
