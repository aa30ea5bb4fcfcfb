import t from 'tap'
import { PictureBoundaries } from '../../src/depacketizer/picture-boundaries.js'

/** A camera that has sent a picture at 10 and a part of the next one at 20. */
function camera ({ marks = false } = {}) {
  const boundaries = new PictureBoundaries()
  boundaries.beginPacket(10)
  boundaries.notePictureEnd(10)
  if (marks) boundaries.noteMarkerEnd()
  boundaries.beginPacket(20)
  boundaries.endsByTimestamp()
  return boundaries
}

t.test('a timestamp', async t => {
  t.test('ends the picture before it once, if it is new', async t => {
    const boundaries = camera()
    boundaries.beginPacket(20)
    t.notOk(boundaries.endsByTimestamp())
    boundaries.beginPacket(30)
    t.ok(boundaries.endsByTimestamp())
    t.notOk(boundaries.endsByTimestamp())
    t.equal(boundaries.timestamp, 30)
  })
  t.test('is ignored once it has changed within a picture', async t => {
    const boundaries = camera()
    boundaries.beginPacket(30)
    boundaries.continuePicture()
    t.notOk(boundaries.endsByTimestamp())
    boundaries.beginPacket(40)
    t.notOk(boundaries.endsByTimestamp())
  })
  t.test('that stays the same within a picture is still trusted', async t => {
    const boundaries = camera()
    boundaries.beginPacket(20)
    boundaries.continuePicture()
    boundaries.beginPacket(30)
    t.ok(boundaries.endsByTimestamp())
  })
})

t.test('a marker', async t => {
  t.test('ends the picture, until it was set within a NAL unit', async t => {
    const boundaries = camera()
    t.ok(boundaries.endsByMarker(false))
    t.notOk(boundaries.endsByMarker(true))
    t.notOk(boundaries.endsByMarker(false))
  })
  t.test('was early, if the picture continues after it', async t => {
    const boundaries = camera({ marks: true })
    t.notOk(boundaries.isAfterEarlyMarker(), 'at another timestamp')
    boundaries.noteMarkerEnd()
    boundaries.beginPacket(20)
    t.ok(boundaries.isAfterEarlyMarker())
    t.notOk(boundaries.endsByMarker(false))
  })
  t.test('was not, if packets were lost since', async t => {
    const boundaries = camera()
    boundaries.noteMarkerEnd()
    boundaries.lose()
    t.notOk(boundaries.isAfterEarlyMarker())
    t.ok(boundaries.endsByMarker(false))
  })
})

t.test('lost packets certainly belong to a picture', async t => {
  t.test('if it continues after them, and timestamps separate pictures', async t => {
    t.ok(camera().areOfPicture(5, 20, 20, false))
    t.notOk(camera().areOfPicture(5, 20, 30, false))
    t.notOk(camera().areOfPicture(5, 10, 10, false), 'the picture before has the same')
    t.notOk(new PictureBoundaries().areOfPicture(5, 0, 0, false), 'the first picture')
  })
  t.test('if one is missing, and the picture lacked its end', async t => {
    t.ok(camera().areOfPicture(1, 20, 30, true), 'within a NAL unit')
    t.notOk(camera().areOfPicture(2, 20, 30, true))
    t.notOk(camera().areOfPicture(1, 20, 30, false), 'no marker is expected')
    t.ok(camera({ marks: true }).areOfPicture(1, 20, 30, false), 'the marker did not come')
    const early = camera({ marks: true })
    early.endsByMarker(true)
    t.notOk(early.areOfPicture(1, 20, 30, false), 'markers are not trusted')
  })
})
