namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// FIN-1: what families owed at the end of a day, by how long it was due. Later events (a payment, a deletion, a charge entered later with
/// an earlier date) do not count, so that the report of a past day does not change: a charge counts from the later of its date and its
/// entry, and "Entered later" is the newest such entry among a family's open charges (docs/adr/0018-closed-days-stay.md). Money that is on
/// no charge as of that day is the family's credit and is negative, so that a row adds up; it belongs to no program, and a report of one
/// program or category leaves it out.
/// </summary>
static class Fin1AgedAccounts
{
    public static readonly Report Report = new()
    {
        Code = "FIN-1",
        OrderBy = "family, family_number",
        Sql = """
            with charged as (
              select c.family, c.program, c.category, @to - c.due_date as late, c.amount + c.tax as amount, coalesce(a.paid, 0) as paid,
                case when entered > c.charge_date then entered end as entered_later
              from charge c
              cross join lateral (select (c.created_at at time zone @zone)::date as entered) e
              left join (select charge, sum(amount) as paid from application
                where account = @account and at < @end group by charge) a on a.charge = c.id
              where c.account = @account and c.charge_date <= @to and c.created_at < @end and (c.deleted_at is null or c.deleted_at >= @end)
            ),
            owed as (
              select family, sum(o.open) filter (where late <= 0) as not_due, sum(o.open) filter (where late between 1 and 15) as d15,
                sum(o.open) filter (where late between 16 and 30) as d30, sum(o.open) filter (where late between 31 and 60) as d60,
                sum(o.open) filter (where late between 61 and 90) as d90, sum(o.open) filter (where late > 90) as older,
                sum(o.open) filter (where late > 0) as past_due,
                max(entered_later) filter (where o.open <> 0) as entered_later
              from charged, lateral (select amount - paid as open) o
              where (@program is null or program = (select id from program where account = @account and name = @program))
                and (@category is null or category = (select id from charge_category where account = @account and name = @category))
              group by family
            ),
            credit as (
              select family, sum(amount) as amount from (
                select family, amount from payment where account = @account and status = 'received' and received_at < @end
                union all
                select p.family, e.amount from payment_event e join payment p on p.account = e.account and p.id = e.payment
                  where e.account = @account and e.at < @end
                union all
                select family, amount from credit where account = @account and at < @end and (deleted_at is null or deleted_at >= @end)
                union all
                select family, -paid from charged
              ) money where @program is null and @category is null group by family
            ),
            balance as (
              select family, coalesce(not_due, 0) as not_due, coalesce(d15, 0) as d15, coalesce(d30, 0) as d30, coalesce(d60, 0) as d60,
                coalesce(d90, 0) as d90,
                coalesce(older, 0) as older, coalesce(past_due, 0) as past_due, -coalesce(credit.amount, 0) as credit, entered_later
              from owed full join credit using (family)
            )
            select f.name as family, f.id::text as family_id,
              (select first_name || ' ' || last_name from guardian g where g.account = f.account and g.family = f.id
                order by position limit 1) as guardian,
              (select phone from phone p where p.account = f.account and p.family = f.id order by kind <> 'mobile', phone limit 1) as phone,
              (select email from email e where e.account = f.account and e.family = f.id order by email limit 1) as e_mail,
              not_due, d15 as "1_15", d30 as "16_30", d15 + d30 as "1_30", d60 as "31_60", d90 as "61_90", older as over_90, credit as unapplied_credit,
              not_due + past_due + credit as total, entered_later, f.id as family_number
            from balance b join family f on f.account = @account and f.id = b.family
            where (not_due <> 0 or past_due <> 0 or credit <> 0) and (not coalesce(@onlyPastDue, false) or past_due > 0)
              and (@enrollmentStatus is null or (@enrollmentStatus = 'active') = exists (
                select from student s join enrollment e on e.account = s.account and e.student = s.id
                where s.account = f.account and s.family = f.id and e.type = 'active' and e.start_date <= @to
                  and (e.drop_date is null or e.drop_date >= @to)))
            """
    };
}
