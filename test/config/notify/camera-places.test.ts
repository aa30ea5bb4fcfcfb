import t from 'tap'
import { cameraAt, placeIn, placesOf } from '../../../src/config/notify/camera-places.js'
import { parse } from '../fixtures/read.js'

const places = parse(`cameras:
  yard: { source: rtsp://192.168.1.20/live, substream: rtsp://192.168.1.21/small, onvif: "http://192.168.1.22:8080" }
  gate: https://Gate.lan/video
  six: rtsp://[fd00::7]:8554/live
  local: rtsp://127.0.0.1:8554/live
  film: { source: { type: file, path: film.mp4 } }
`).cameras.flatMap(placesOf)
const at = (url: string) => {
  const { host, port } = placeIn(url)!
  return cameraAt(places, host, port)
}

t.test('the places of cameras', async t => {
  t.test('are those of source, substream and ONVIF', async t => {
    t.same(places, [
      { camera: 'yard', host: '192.168.1.20', port: 554 }, { camera: 'yard', host: '192.168.1.21', port: 554 }, { camera: 'yard', host: '192.168.1.22', port: 8080 },
      { camera: 'gate', host: 'gate.lan', port: 443 }, { camera: 'six', host: 'fd00::7', port: 8554 }, { camera: 'local', host: '127.0.0.1', port: 8554 }
    ])
  })
  t.test('are recognised on any port and in any spelling', async t => {
    for (const url of ['http://192.168.1.20/', 'http://192.168.1.20:9000/', 'http://0xc0a80114/', 'http://192.168.1.21/', 'http://192.168.1.22/', 'http://[::ffff:192.168.1.20]/']) t.equal(at(url), 'yard', url)
    for (const url of ['http://GATE.lan/', 'https://gate.lan./x']) t.equal(at(url), 'gate', url)
    t.equal(at('http://[FD00:0:0::7]/'), 'six')
    for (const url of ['http://192.168.1.2/', 'http://192.168.1.200/', 'http://gate.lan.example.org/', 'http://[fd00::8]/']) t.equal(at(url), undefined, url)
  })
  t.test('on loopback are those with the same port', async t => {
    for (const url of ['http://127.0.0.1:8554/', 'http://localhost:8554/', 'http://[::1]:8554/', 'http://127.9.9.9:8554/']) t.equal(at(url), 'local', url)
    for (const url of ['http://127.0.0.1:8123/', 'http://localhost/']) t.equal(at(url), undefined, url)
  })
})
