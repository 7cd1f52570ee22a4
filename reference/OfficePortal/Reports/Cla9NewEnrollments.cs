namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// CLA-9: enrollments made, or beginning, in the range. A returning student had an enrollment before; a waiting list does not count.
/// </summary>
static class Cla9NewEnrollments
{
    public static readonly Report Report = new()
    {
        Code = "CLA-9",
        OrderBy = "sort, created_at, id",
        Sql = """
            with first as (
              select distinct on (student) student, created_at, id from enrollment where account = @account and type <> 'wait'
                order by student, created_at, id
            )
            select (e.created_at at time zone @zone)::date as created, e.start_date as start, s.first_name || ' ' || s.last_name as student,
              f.name as family, f.id::text as family_id,
              c.name as class, p.name as program, l.name as level, c.location,
              case e.type when 'active' then 'Active' when 'trial' then 'Trial' when 'make-up' then 'Make Up'
                when 'single-day' then 'Single Day' else 'Wait' end as type,
              case e.source when 'web' then 'Web' else 'Office' end as source,
              case when (first.created_at, first.id) < (e.created_at, e.id) then 'Returning' else 'New' end as new_or_returning,
              case when @mode = 'starting' then e.start_date else (e.created_at at time zone @zone)::date end as sort, e.created_at, e.id
            from enrollment e
            join student s on s.account = e.account and s.id = e.student
            join family f on f.account = s.account and f.id = s.family
            join class c on c.account = e.account and c.id = e.class
            join program p on p.account = c.account and p.id = c.program
            join level l on l.account = c.account and l.id = c.level
            left join first on first.student = e.student
            where e.account = @account
              and (@mode = 'starting' and e.start_date between @from and @to
                or @mode is distinct from 'starting' and e.created_at >= @start and e.created_at < @end)
              and (@program is null or p.name = @program) and (@level is null or l.name = @level) and (@type is null or e.type = @type)
            """
    };
}
