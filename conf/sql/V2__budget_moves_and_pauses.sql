-- How often spend was moved to other days, which is when clicks of a row may become fewer.
alter table budget.daily_spend add column moves int not null default 0;
-- The number of the budget job's latest pause of the row, 0 after it has resumed it: an active row that still bears the number was
-- re-activated by hand.
alter table budget.campaigns add column pause_seq bigint not null default 0;
