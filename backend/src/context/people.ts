/** The people wing: restaurants, their members, keys and sessions. */
import { ApiKeyRepository } from '../repositories/ApiKeyRepository.js';
import { AuditLogRepository } from '../repositories/AuditLogRepository.js';
import { AuthRepository } from '../repositories/AuthRepository.js';
import { DeviceRepository } from '../repositories/DeviceRepository.js';
import { MemberRepository } from '../repositories/MemberRepository.js';
import { PreferenceRepository } from '../repositories/PreferenceRepository.js';
import { RestaurantRepository } from '../repositories/RestaurantRepository.js';
import { ApiKeyService } from '../services/ApiKeyService.js';
import { LastSeen } from '../services/apiKey/LastSeen.js';
import { AuditLogService } from '../services/AuditLogService.js';
import { AuthService } from '../services/AuthService.js';
import { DeviceService } from '../services/DeviceService.js';
import { MemberService } from '../services/MemberService.js';
import { PreferenceService } from '../services/PreferenceService.js';
import { RestaurantService } from '../services/RestaurantService.js';
import { AccountService } from '../services/auth/AccountService.js';
import { AddressChange } from '../services/auth/AddressChange.js';
import { AccessTokens } from '../services/auth/accessTokens.js';
import { Accounts } from '../services/auth/accounts.js';
import { Passwords } from '../services/auth/passwords.js';
import { ProvenTokens } from '../services/auth/provenTokens.js';
import { RestaurantChoice } from '../services/auth/RestaurantChoice.js';
import { SignedLinks } from '../services/auth/SignedLinks.js';
import { Sessions } from '../services/auth/sessions.js';
import type { OutsideParties } from '../config/outsideParties.js';
import type { Releases } from '../utils/releases.js';
import { createOutbox } from './messages.js';
import type { Platform } from './platform.js';

export type People = ReturnType<typeof createPeople>;

export function createPeople(platform: Platform, outside: OutsideParties | undefined, releases: Releases) {
  const { unitOfWork, secrets, clock, cursors, cache, database, log } = platform;
  const restaurants = new RestaurantService({ unitOfWork, repository: new RestaurantRepository(), clock });
  const post = createOutbox(platform, restaurants, outside);
  const { announcer } = post;
  const repository = new AuthRepository();
  const accessTokens = new AccessTokens({ secrets, clock });
  const tokens = new ProvenTokens({ secrets });
  const passwords = new Passwords();
  const accounts = new Accounts({ repository, passwords, secrets, clock });
  const sessions = new Sessions({ repository, accessTokens, tokens, secrets, clock });
  const keyRepository = new ApiKeyRepository();
  const lastSeen = new LastSeen({ database, repository: keyRepository, clock, log });
  releases.own('the notes of keys', lastSeen, (one) => one.write());
  const apiKeys = new ApiKeyService({
    unitOfWork,
    repository: keyRepository,
    lastSeen,
    tokens,
    cache,
    cursors,
    clock,
  });
  const members = new MemberService({
    unitOfWork,
    repository: new MemberRepository(),
    sessions,
    apiKeys,
    cursors,
    clock,
    restaurants,
    announcer,
  });
  const auth = new AuthService({
    unitOfWork,
    accounts,
    sessions,
    accessTokens,
    tokens,
    restaurants,
    members,
    apiKeys,
    cache,
    clock,
  });
  const account = new AccountService({
    unitOfWork,
    accounts,
    sessions,
    passwords,
    members,
    restaurants,
    cursors,
    announcer,
    clock,
  });
  const addressChange = new AddressChange({ unitOfWork, accounts, passwords, members, announcer, clock });
  const restaurantChoice = new RestaurantChoice({ unitOfWork, accounts, sessions, members, restaurants, cursors });
  const links = new SignedLinks({ unitOfWork, secrets, clock });
  const devices = new DeviceService({
    unitOfWork,
    repository: new DeviceRepository(),
    apiKeys,
    members,
    restaurants,
    tokens,
    secrets,
    clock,
  });
  const preferences = new PreferenceService({
    unitOfWork,
    repository: new PreferenceRepository(),
    members,
    apiKeys,
    cursors,
    clock,
  });
  const auditLog = new AuditLogService({ unitOfWork, repository: new AuditLogRepository(), restaurants, cursors });
  return {
    restaurants,
    members,
    apiKeys,
    devices,
    links,
    lastSeen,
    preferences,
    auth,
    account,
    addressChange,
    restaurantChoice,
    auditLog,
    post,
  };
}
