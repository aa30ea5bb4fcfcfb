import { join } from 'node:path'
import type { Test } from 'tap'
import { JpegSplitter } from '../../src/jpeg/splitter.js'
import { NetworkNamespace } from './network-namespace.js'
import { startService } from './service.js'
import { until } from './until.js'
import { view, type Part } from './viewer.js'

/** Mbit/s. The narrow link carries four full pictures of 30 kB a second, too few even for a camera that a busy machine slows down. */
const [NARROW_MBITS, WIDE_MBITS] = [1, 100]
/** 2 s, and more for a busy machine. */
const DOWN_WITHIN_MS = 6_000
/** The pause before the first try is 10 s. */
const UP_WITHIN_MS = 30_000

function widthOf (part: Part | undefined): number {
  let found = 0
  if (part) new JpegSplitter(({ width }) => { found = width }).push(part.jpeg)
  return found
}

/** Tests a viewer that asks for the rendition that suits its link, while the link becomes narrow and wide again. */
export async function adapts (t: Test): Promise<void> {
  const folder = t.testdir({
    'cameras.yaml': 'cameras: { 1: { source: { type: simulated }, width: 960, quality: 2, renditions: { low: { width: 640, quality: 9 } } } }'
  })
  const inside = new NetworkNamespace(t)
  const { there } = inside.link()
  const service = await startService(t, { config: join(folder, 'cameras.yaml'), args: ['--host', there], env: { CAMGATE_AUTH: 'none' }, prefix: inside.enter })
  await service.until(({ cameras }) => cameras['1']!.state === 'running', 'the camera runs')
  const viewer = view(t, new URL('camera/1?rendition=auto', service.url))
  await until('it has seen pictures', () => viewer.live.length > 40, 20_000)
  t.same([...new Set(viewer.live.map(widthOf))], [960], 'on a fast link it is the full picture')
  t.equal((await service.status()).cameras['1']!.watching.length, 1)

  inside.shape(NARROW_MBITS)
  await until('a smaller one comes', () => widthOf(viewer.last) === 640, DOWN_WITHIN_MS)
  await service.until(({ cameras }) => cameras['1']!.renditions.low!.watching.length === 1, 'it is counted as a viewer of the rendition')
  const [before, began] = [viewer.live.length, performance.now()]
  await until('more of them come', () => viewer.live.length > before + 60, 20_000)
  const fps = 60_000 / (performance.now() - began)
  t.ok(fps > 5, `${fps} fps`)

  inside.shape(WIDE_MBITS)
  await until('the full picture is back', () => widthOf(viewer.last) === 960, UP_WITHIN_MS)
  await service.until(({ cameras }) => cameras['1']!.viewers === 1 && cameras['1']!.renditions.low!.viewers === 0, 'it is one viewer of the camera')
  t.same(viewer.faults, [], 'whole pictures, rising numbers')
  const sinceFirst = viewer.parts.slice(viewer.parts.findIndex(({ state }) => state === undefined))
  t.same(sinceFirst.filter(({ state }) => state !== undefined), [], 'it gets no status frames, but for one that says that the camera is being decoded where that takes long')
  t.ok(viewer.parts.every(({ timestamp }, i) => i === 0 || timestamp >= viewer.parts[i - 1]!.timestamp), 'none older than the one before')
  const widths = viewer.live.map(widthOf)
  const changes = widths.filter((width, i) => i > 0 && width !== widths[i - 1])
  t.ok(changes.length >= 2 && changes.length <= 6, String(changes))
}
