using EnterprisePortal.Contracts.AccountApi;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>A family as the portal may know it, in one row: guardians and contact, never children.</summary>
public static class PortalFamily
{
    /// <summary>
    /// Whether family <c>f</c> has an enrollment that is active on <c>@today</c> (a date in the account's zone); the drop date itself still
    /// counts. Trials, make-ups, single days and waiting lists are no enrollment.
    /// </summary>
    public const string IsActive = """
        exists (
          select from student s join enrollment e on e.account = s.account and e.student = s.id
          where s.account = f.account and s.family = f.id and e.type = 'active' and e.start_date <= @today
            and (e.drop_date is null or e.drop_date >= @today))
        """;

    /// <summary>Follow with a where clause; read with <see cref="Read"/>.</summary>
    public const string Select = $"""
        select f.id,
          array(select first_name from guardian g where g.account = f.account and g.family = f.id order by position),
          array(select last_name from guardian g where g.account = f.account and g.family = f.id order by position),
          array(select email from email e where e.account = f.account and e.family = f.id order by email),
          array(select phone from phone p where p.account = f.account and p.family = f.id order by phone),
          {IsActive}
        from family f
        """;

    public static AccountFamily Read(NpgsqlDataReader row)
    {
        var (first, last) = (row.GetFieldValue<string[]>(1), row.GetFieldValue<string[]>(2));
        return new(Id(row.GetInt64(0)), [.. first.Zip(last, (given, family) => new Guardian(given, family))],
            row.GetFieldValue<string[]>(3), row.GetFieldValue<string[]>(4), row.GetBoolean(5));
    }

    public static string Id(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
