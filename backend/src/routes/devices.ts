import type { DeviceService } from '../services/DeviceService.js';
import { apiKey } from './schemas/apiKey.js';
import { idParams, pageOf, pageQuery } from './schemas/common.js';
import {
  confirmedPairing,
  deviceChanges,
  pairedDevice,
  pairingConfirmation,
  pairingSecret,
  startedPairing,
} from './schemas/device.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

/** Screens and tills: their pairing by a code, and the list of them. */
export function deviceEndpoints({ devices }: { devices: DeviceService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/devices/pairings',
      name: 'startDevicePairing',
      tag: 'Device',
      summary: 'Get a code that pairs this device',
      description:
        'For a screen or till without login. Show `userCode`, keep `secret`, and ask `POST /v1/devices/pairings/collect` for the key each `interval` seconds. The code is valid for ten minutes; then get another one. `Idempotency-Key` is ignored here, because nothing proves who calls.',
      access: 'public',
      limit: 'pairing_codes',
      status: 201,
      response: startedPairing,
      handle: ({ call }) => devices.start(call),
    }),
    endpoint({
      method: 'post',
      path: '/v1/devices/pairings/confirm',
      name: 'pairDevice',
      tag: 'Device',
      summary: 'Enter the code that a device shows',
      description:
        'The device then gets an API key of the kind, with the scopes of that kind; you need them all. A code can be entered once, by a person. Right and wrong codes count: 30 in a quarter of an hour for the restaurant. Check that the code is on a screen in front of you: somebody may have sent you theirs.',
      access: 'api_keys:write',
      limit: 'pairings',
      body: pairingConfirmation,
      response: confirmedPairing,
      handle: ({ call, body }) => devices.confirm(call, body),
    }),
    endpoint({
      method: 'post',
      path: '/v1/devices/pairings/collect',
      name: 'collectDeviceKey',
      tag: 'Device',
      summary: 'Fetch the key of a device once its code was entered',
      description:
        '`409 pairing_pending`: nobody has entered the code yet; ask again after `Retry-After`. `429`: the device asks too often. `401 invalid_token`: the code has expired or the key was fetched; begin again. The key is given once: send an `Idempotency-Key`, so that you can repeat the request if its answer is lost.',
      access: 'public',
      body: pairingSecret,
      proof: { deviceSecretOf: (body) => body.secret },
      response: pairedDevice,
      handle: ({ call, body }) => devices.collect(call, body.secret),
    }),
    endpoint({
      method: 'get',
      path: '/v1/devices',
      tag: 'Device',
      summary: 'List devices that are not revoked',
      description: 'API keys of the kinds `till` and `kitchen_screen`, paired or made by hand.',
      access: 'api_keys:write',
      query: pageQuery,
      response: pageOf(apiKey),
      handle: ({ call, query }) => devices.list(call, query),
    }),
    endpoint({
      method: 'patch',
      path: '/v1/devices/{id}',
      tag: 'Device',
      summary: 'Rename a device',
      access: 'api_keys:write',
      params: idParams,
      body: deviceChanges,
      ifMatch: 'required',
      response: apiKey,
      etag: 'version',
      handle: ({ call, params, body }) => devices.rename(call, params.id, body.name),
    }),
    endpoint({
      method: 'delete',
      path: '/v1/devices/{id}',
      name: 'revokeDevice',
      tag: 'Device',
      summary: 'Revoke a device',
      description: 'Its key is refused from the next request on. To use the device again, pair it again.',
      access: 'api_keys:write',
      params: idParams,
      handle: ({ call, params }) => devices.revoke(call, params.id),
    }),
  ];
}
