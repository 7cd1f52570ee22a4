namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// FIN-2: money by when it moved, to compare with the bank statement. A refund or void is a row on its own date with its own sign. A
/// deleted payment never was at the bank, whichever day somebody noticed: all its rows are outside the total (refunded and then deleted
/// reads +, −, −, + on its four dates), and so are a refund that was taken back and the row that took it back.
/// </summary>
static class Fin2BankDeposit
{
    public static readonly Report Report = new()
    {
        Code = "FIN-2",
        OrderBy = "section desc, at, payment, step",
        Sql = """
            with deleted as (select distinct payment from payment_event where account = @account and kind = 'delete'),
            taken_back as (select refund from payment_event where account = @account and kind = 'delete-refund'),
            moved as (
              select id as payment, 0::bigint as step, received_at as at, amount, taken_by as made_by, case status
                when 'failed' then 'Failed' else 'Received' end as status, status = 'failed' as outside
              from payment where account = @account and received_at >= @start and received_at < @end
              union all
              select e.payment, e.id, e.at, e.amount, e.made_by,
                case e.kind when 'refund' then 'Refund' when 'void' then 'Void' when 'delete' then 'Payment deleted'
                  else 'Refund deleted' end,
                e.kind = 'delete-refund' or e.id in (select refund from taken_back)
              from payment_event e where e.account = @account and e.at >= @start and e.at < @end
            )
            select case when m.outside or d.payment is not null then 'Deleted and failed' else 'Deposits' end as section,
              (m.at at time zone @zone)::date as date, initcap(p.method) as method, p.card_brand || ' ' || p.card_last_four as card, coalesce(p.check_number, p.transaction_number) as check_or_transaction_number,
              m.amount, f.name as family, f.id::text as family_id, m.status,
                coalesce(s.name, case m.made_by when 'web' then 'Web' else m.made_by end) as staff, m.at, m.payment, m.step
            from moved m
            join payment p on p.account = @account and p.id = m.payment
            join family f on f.account = p.account and f.id = p.family
            left join deleted d on d.payment = p.id
            left join staff s on s.account = p.account and s.email = m.made_by
            where (@paymentMethod is null or p.method = @paymentMethod)
              and (@staff is null or lower(s.name) = lower(@staff) or lower(m.made_by) = lower(@staff))
              and (@program is null or p.id in (
                select a.payment from application a join charge c on c.account = a.account and c.id = a.charge
                  join program g on g.account = c.account and g.id = c.program
                where a.account = @account and a.payment is not null and g.name = @program))
            """
    };
}
