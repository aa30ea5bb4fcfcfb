import t from 'tap'
import { choices, fromCoverDown } from '../../src/wall/choice.js'

const h264 = { kind: 'h264', width: 1920, height: 1080 } as const
const h265 = { kind: 'h265', width: 3840, height: 2160 } as const
const small = { kind: 'h264', width: 640, height: 360 } as const
const [live, idle, failed] = [{ isLive: true, hasFailed: false }, { isLive: false, hasFailed: false }, { isLive: false, hasFailed: true }]
const named = (...[wish, videos]: [Partial<Parameters<typeof choices>[0]>, Parameters<typeof choices>[1]]) =>
  choices({ accept: ['h264', 'jpeg'], width: 1920, height: 1080, ...wish }, videos).map(choice => `${choice.kind === 'jpeg' ? 'jpeg' : choice.from}${choice.wakes ? ', wakes' : ''}`)
const tile = { width: 480, height: 270 }

t.test('a tile is given', async t => {
  t.test('the camera\'s video if it accepts it, or if nothing is known yet', async t => {
    t.same(named({}, { main: h264, substream: undefined }), ['main', 'jpeg'])
    t.same(named({ accept: ['h265'] }, { main: h265, substream: undefined }), ['main', 'jpeg'])
    t.same(named(tile, { main: 'unknown', substream: undefined }), ['main'])
  })
  t.test('its substream before JPEGs, and before all if that is enough', async t => {
    t.same(named({}, { main: h264, substream: { config: small, ...live } }), ['main', 'substream', 'jpeg'])
    t.same(named(tile, { main: h264, substream: { config: small, ...live } }), ['substream', 'jpeg'])
    t.same(named({ width: 670, height: 377 }, { main: h264, substream: { config: small, ...live } }), ['substream', 'jpeg'], 'a little smaller is not seen')
    t.same(named({ width: 800, height: 450 }, { main: h264, substream: { config: small, ...live } }), ['main', 'substream', 'jpeg'], 'it would be enlarged')
    t.same(named({ width: 640, height: 360 }, { main: small, substream: { config: small, ...live } }), ['main', 'substream', 'jpeg'], 'nothing would be saved')
    t.same(named(tile, { main: { kind: 'h264' }, substream: { config: small, ...live } }), ['main', 'substream', 'jpeg'], 'the size is not known yet')
    t.same(named(tile, { main: h264, substream: { config: { ...small, kind: 'h265' }, ...live } }), ['main', 'jpeg'])
  })
  t.test('its main video until the substream is read', async t => {
    t.same(named(tile, { main: h264, substream: { config: small, ...idle } }), ['main, wakes', 'substream', 'jpeg'])
    t.same(named(tile, { main: h264, substream: { config: small, ...failed } }), ['main, wakes', 'jpeg'])
    t.same(named({ width: 960, height: 540 }, { main: h264, substream: { config: undefined, ...idle } }), ['main, wakes', 'substream', 'jpeg'], 'it may be half as large')
    t.same(named({ width: 1200, height: 675 }, { main: h264, substream: { config: undefined, ...idle } }), ['main', 'substream', 'jpeg'])
  })
  t.test('its substream if only that is accepted', async t => {
    for (const substream of [{ config: small, ...live }, { config: undefined, ...idle }]) t.same(named({}, { main: h265, substream }), ['substream', 'jpeg'])
    t.same(named(tile, { main: h265, substream: { config: small, ...live } }), ['substream', 'jpeg'])
    t.same(named({}, { main: h265, substream: { config: { ...small, kind: 'h265' }, ...live } }), ['jpeg'])
    t.same(named({}, { main: h265, substream: { config: small, ...failed } }), ['jpeg, wakes'], 'but it is tried again')
  })
  t.test('JPEGs otherwise, with the reason if that is not its own wish or the camera\'s nature', async t => {
    const of = (accept: Array<'h264' | 'h265' | 'jpeg'>, main: 'none' | typeof h264 | typeof h265) => choices({ ...tile, accept }, { main, substream: undefined }).at(-1)
    t.same(of(['jpeg'], h264), { kind: 'jpeg' })
    t.same(of([], h264), { kind: 'jpeg' })
    t.same(of(['h264'], 'none'), { kind: 'jpeg' })
    t.match(of(['h264', 'jpeg'], h265), { kind: 'jpeg', why: /sends H\.265/ })
    t.match(of(['h264'], h264), { kind: 'jpeg', why: /keep up/ })
  })
})

t.test('fromCoverDown', async t => {
  const options = [{ width: 1280, height: 720 }, { width: 640, height: 360 }, { width: 320, height: 180 }]
  const widths = (width: number, height: number) => fromCoverDown(options, { width, height }).map(({ width }) => width)
  t.same(widths(640, 360), [640, 320])
  t.same(widths(670, 377), [640, 320], 'a little smaller is not seen')
  t.same(widths(700, 394), [1280, 640, 320])
  t.same(widths(100, 100), [320])
  t.same(widths(320, 1000), [320], 'the picture is as wide as the tile')
  t.same(widths(3840, 2160), [1280, 640, 320], 'the largest, if none is large enough')
  t.same(fromCoverDown([], { width: 1, height: 1 }), [])
})
