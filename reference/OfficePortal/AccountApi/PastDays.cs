using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>
/// What each day of the past two years came to, counted as the reports count (CLA-5, CLA-9, FIN-2). All of them every night: a payment that
/// is deleted today changes the day on which it was made. What an account has at the end of a day is a running sum of what came and went,
/// so that the work grows with the rows and not with rows times days.
/// </summary>
static class PastDays
{
    const int Days = 730;

    public static async Task<IReadOnlyList<DayFigures>> Read(
        NpgsqlConnection connection, Account account, DateOnly today, CancellationToken cancel) =>
        (await connection.QueryAsync<DayFigures>(new CommandDefinition(Sql,
            new { account = account.Code, zone = account.TimeZone, first = today.AddDays(-Days), last = today.AddDays(-1) },
            cancellationToken: cancel))).AsList();

    // What happened before the first day counts on the first day.
    const string Sql = """
        with came_and_went as (
          select greatest((created_at at time zone @zone)::date, @first) as day, 1 as families, 0 as enrollments
            from family where account = @account
          union all
          select greatest((erased_at at time zone @zone)::date, @first), -1, 0
            from family where account = @account and erased_at is not null
          union all
          select greatest(start_date, @first), 0, 1
            from enrollment where account = @account and type = 'active' and (drop_date is null or drop_date >= start_date)
          union all
          select greatest(drop_date + 1, @first), 0, -1
            from enrollment where account = @account and type = 'active' and drop_date >= start_date
        ),
        there as (
          select day, sum(sum(families)) over (order by day) as families, sum(sum(enrollments)) over (order by day) as enrollments
          from (select generate_series(@first, @last, interval '1 day')::date as day, 0 as families, 0 as enrollments
            union all select * from came_and_went) change
          group by day
        ),
        enrolled as (
          select (created_at at time zone @zone)::date as day, count(*) as made from enrollment where account = @account group by 1
        ),
        dropped as (
          select drop_date as day, count(*) as dropped from enrollment
          where account = @account and drop_date is not null and transferred_to is null group by 1
        ),
        deleted as (select distinct payment from payment_event where account = @account and kind = 'delete'),
        moved as (
          select id as payment, received_at as at, amount from payment where account = @account and status <> 'failed'
          union all
          select payment, at, amount from payment_event e where account = @account and kind <> 'delete-refund'
            and not exists (select from payment_event taken_back where taken_back.account = @account and taken_back.refund = e.id)
        ),
        deposited as (
          select (at at time zone @zone)::date as day, sum(amount) as amount from moved
          where payment not in (select payment from deleted) group by 1
        )
        select there.day, there.families::int, there.enrollments::int as active_enrollments, coalesce(made, 0)::int as new_enrollments,
          coalesce(dropped.dropped, 0)::int as drops, coalesce(amount, 0)::numeric(12,2) as deposits
        from there left join enrolled using (day) left join dropped using (day) left join deposited using (day)
        where there.day between @first and @last order by day
        """;
}
