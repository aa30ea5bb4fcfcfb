import t from 'tap'
import { deviceServiceOf } from '../../src/discovery/device-service.js'

t.test('a device is asked at the address that answered, whatever it announces', async t => {
  const cases: Array<[announced: string[], expected: string]> = [
    [['http://192.0.2.7/onvif/device_service'], 'http://192.0.2.7/onvif/device_service'],
    [['http://10.0.0.1:8080/onvif/device', 'http://192.0.2.7:2020/onvif/device_service'], 'http://192.0.2.7:2020/onvif/device_service'],
    [['http://169.254.1.1:8080/onvif/device'], 'http://192.0.2.7:8080/onvif/device'],
    [['https://192.0.2.7/onvif/device_service', 'http://192.0.2.7:80/onvif/device_service'], 'http://192.0.2.7/onvif/device_service'],
    [['https://192.0.2.7:8443/onvif/device_service'], 'https://192.0.2.7:8443/onvif/device_service'],
    [['http://[fe80::1]/onvif/device_service'], 'http://192.0.2.7/onvif/device_service'],
    [['http://user:hunter2@192.0.2.7/onvif/x?token=1'], 'http://192.0.2.7/onvif/x?token=1'],
    [['http://192.0.2.7'], 'http://192.0.2.7/onvif/device_service'],
    [['nonsense', 'ftp://192.0.2.7/', 'http://'], 'http://192.0.2.7/onvif/device_service'],
    [[], 'http://192.0.2.7/onvif/device_service']
  ]
  for (const [announced, expected] of cases) t.equal(deviceServiceOf(announced, '192.0.2.7'), expected, announced.join(' '))
})
