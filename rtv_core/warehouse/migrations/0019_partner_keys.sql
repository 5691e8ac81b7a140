-- Whose consignments a partner's key may see; a key of the house is of no party, a partner's of no other role.
alter table ops.api_keys add column party_code text;
alter table ops.api_keys add constraint a_partner_is_one_party check (
    case when party_code is null then not roles @> array['partner'] else roles = array['partner'] end
);
