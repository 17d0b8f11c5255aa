-- What one person follows, by place.
CREATE INDEX spot_owner_place ON spot (owner, is_open, division, id) WHERE owner <> 0;
