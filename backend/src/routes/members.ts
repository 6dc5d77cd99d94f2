import type { MemberService } from '../services/MemberService.js';
import { idParams, pageOf, pageQuery } from './schemas/common.js';
import { invitedMember, member, memberChanges, memberInvitation } from './schemas/member.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

export function memberEndpoints({ members }: { members: MemberService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/members',
      name: 'inviteMember',
      tag: 'Member',
      summary: 'Invite a person',
      description: 'A new invitation for the same person replaces the open one.',
      access: 'members:write',
      body: memberInvitation,
      status: 201,
      response: invitedMember,
      etag: 'version',
      handle: ({ call, body }) => members.invite(call, body),
    }),
    endpoint({
      method: 'get',
      path: '/v1/members',
      tag: 'Member',
      summary: 'List members and open invitations',
      access: 'members:read',
      query: pageQuery,
      response: pageOf(member),
      handle: ({ call, query }) => members.list(call, query),
    }),
    endpoint({
      method: 'get',
      path: '/v1/members/{id}',
      tag: 'Member',
      summary: 'Get a member',
      access: 'members:read',
      params: idParams,
      response: member,
      etag: 'version',
      handle: ({ call, params }) => members.get(call, params.id),
    }),
    endpoint({
      method: 'patch',
      path: '/v1/members/{id}',
      tag: 'Member',
      summary: 'Change a member’s role',
      access: 'members:write',
      params: idParams,
      body: memberChanges,
      response: member,
      ifMatch: 'required',
      etag: 'version',
      handle: ({ call, params, body }) => members.changeRole(call, params.id, body.role),
    }),
    endpoint({
      method: 'delete',
      path: '/v1/members/{id}',
      name: 'removeMember',
      tag: 'Member',
      summary: 'Remove a member and end the member’s sessions',
      access: 'members:write',
      params: idParams,
      ifMatch: 'optional',
      handle: ({ call, params }) => members.remove(call, params.id),
    }),
  ];
}
