import fc from 'fast-check'
import t from 'tap'
import { readFrameNumber, strip, stripFilters } from '../../src/clips/strip.js'

const numbers = fc.nat(65_535)

/** A grey picture with the strip in the given levels, `scale` times the full size. */
function draw (number: number, { dark = 16, light = 235, scale = 1, noise = 0 } = {}) {
  const [width, height, size] = [320 * scale, 64 * scale, strip.blockSize * scale]
  const pixels = new Uint8Array(width * height).fill(127)
  for (let y = height - size; y < height; y++) {
    for (let x = 0; x < strip.blocks * size; x++) {
      const bit = (number >> (strip.blocks - 1 - Math.floor(x / size))) & 1
      pixels[y * width + x] = (bit ? light : dark) + (x * 7 + y * 13) % (noise + 1)
    }
  }
  return { pixels, width, height }
}

t.test('the number of a picture', async t => {
  t.test('is read back at full and at half size, noisy or pale', async t => {
    fc.assert(fc.property(numbers, fc.constantFrom(0.5, 1, 2), fc.nat(20), (number, scale, noise) => {
      t.equal(readFrameNumber(draw(number, { scale, noise, dark: 40, light: 200 }), scale), number)
    }))
  })
  t.test('is read from the bottom rows alone', async t => {
    const { pixels, width, height } = draw(12_345)
    t.equal(readFrameNumber({ pixels: pixels.subarray((height - 16) * width), width, height: 16 }), 12_345)
  })
  t.test('is not guessed from a picture without a strip', async t => {
    t.equal(readFrameNumber({ pixels: new Uint8Array(320 * 64).fill(127), width: 320, height: 64 }), null)
    t.equal(readFrameNumber(draw(5), 0.5), 0, 'a wrong scale reads other bits, which here are dark')
    t.equal(readFrameNumber(draw(65_535, { light: 160 })), null)
  })
})

t.test('ffmpeg draws a black bar and a square for each bit, most significant first', async t => {
  const [bar, ...squares] = stripFilters()
  t.equal(bar, 'drawbox=x=0:y=ih-16:w=256:h=16:color=black:t=fill')
  t.equal(squares.length, 16)
  t.equal(squares[0], "drawbox=x=0:y=ih-16:w=16:h=16:color=white:t=fill:enable='bitand(n,32768)'")
  t.match(squares[15], "x=240:y=ih-16:w=16:h=16:color=white:t=fill:enable='bitand(n,1)'")
})
