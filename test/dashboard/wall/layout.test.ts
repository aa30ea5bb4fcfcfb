import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { layOut, rowsOf } from '../../../src/dashboard/wall/layout.js'

interface Layout { readonly columns: number, readonly tileWidth: number, readonly rowHeight: number, readonly dense: boolean }
const REM = 16
const ones = (count: number) => Array<number>(count).fill(1)
const desktop = { width: 1248, height: 600, rem: REM }
const isWide = ({ dense, rowHeight, tileWidth }: Layout) => Math.abs(tileWidth * 9 / 16 + (dense ? 0 : 5.5 * REM) - rowHeight) <= 1
const sizeOf = ({ columns, dense, tileWidth, rowHeight }: Layout, rows: number, gap = dense ? 6 : 12) => ({ width: columns * tileWidth + (columns - 1) * gap, height: rows * rowHeight + (rows - 1) * gap })

t.test('a wall', async t => {
  t.test('of 1 to 64 cameras fits the screen of a computer', async t => {
    for (const [width, height] of [[1248, 600], [1888, 960], [3808, 2000], [1000, 1800]] as const) {
      for (let count = 1; count <= 64; count++) {
        const layout: Layout = layOut({ spans: ones(count), width, height, rem: REM })
        const size = sizeOf(layout, Math.ceil(count / layout.columns))
        t.ok(size.width <= width && size.height <= height && layout.tileWidth >= 7 * REM && isWide(layout), `${count} on ${width}x${height}: ${JSON.stringify({ ...layout, ...size })}`)
      }
    }
    t.same([1, 2, 4, 9, 16, 64].map(count => (layOut({ ...desktop, spans: ones(count) }) as Layout).columns), [1, 2, 2, 3, 4, 8])
  })

  t.test('has its words below the pictures while there is room, else on them', async t => {
    t.equal(layOut({ ...desktop, spans: ones(4) }).dense, false)
    t.equal(layOut({ ...desktop, spans: ones(16) }).dense, true)
  })

  t.test('scrolls if pictures were too small, or on a phone', async t => {
    const many: Layout = layOut({ ...desktop, spans: ones(500) })
    t.ok(many.tileWidth >= 13 * REM - 6)
    const phone = { width: 358, height: 620, rem: REM }
    t.match(layOut({ ...phone, spans: ones(4) }), { columns: 1, tileWidth: 358, dense: false })
    t.match(layOut({ ...phone, spans: ones(16) }), { columns: 2, tileWidth: 176, dense: true })
  })

  t.test('has the columns that its viewer wants', async t => {
    t.match(layOut({ ...desktop, spans: ones(4), columns: 3 }), { columns: 3, tileWidth: 408, dense: false })
    t.match(layOut({ ...desktop, spans: ones(4), columns: 8 }), { columns: 8, dense: true })
  })

  t.test('of pictures only leaves nothing else', async t => {
    const layout: Layout = layOut({ spans: ones(4), width: 1920, height: 1080, rem: REM, bare: true })
    t.match(layout, { columns: 2, dense: true })
    const { height } = sizeOf(layout, 2, 2)
    t.ok(height <= 1080 && height > 1070)
  })

  t.test('of nothing has a grid, too', async t => {
    t.match(layOut({ ...desktop, spans: [] }), { columns: 1 })
    t.ok(layOut({ ...desktop, height: -50, spans: ones(3) }).tileWidth > 0, 'a window that is too low')
  })

  t.test('makes room for larger tiles', async t => {
    t.equal(rowsOf([2, 1, 1, 1, 1, 1], 3), 3)
    t.equal(rowsOf([1, 2, 1], 3), 2)
    t.equal(rowsOf([1, 1, 2, 1], 3), 3, 'a small one fills the hole')
    t.equal(rowsOf([2], 1), 1, 'not larger than the wall')
    const layout: Layout = layOut({ ...desktop, spans: [2, 1, 1, 1, 1, 1] })
    t.ok(sizeOf(layout, rowsOf([2, 1, 1, 1, 1, 1], layout.columns)).height <= desktop.height)
  })
})
