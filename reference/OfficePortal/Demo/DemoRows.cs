using Npgsql;

namespace EnterprisePortal.OfficePortal.Demo;

/// <summary>All rows of one account, table by table in the order that references require. Values have the order of the columns.</summary>
sealed class DemoRows
{
    public CopyTable Account { get; } =
        new("account (code, name, owner, contact, locations, time_zone, country, pairing_code_hash, pairing_code_expires_at)");
    public CopyTable Staff { get; } = new("staff (account, email, name, password_hash, full_permissions, portal_entry)");
    public CopyTable UserGroup { get; } = new("user_group (account, name, permissions)");
    public CopyTable StaffUserGroup { get; } = new("staff_user_group (account, staff, user_group)");
    public CopyTable StaffPermission { get; } = new("staff_permission (account, staff, permission)");
    public CopyTable Program { get; } = new("program (account, id, name)");
    public CopyTable Level { get; } = new("level (account, id, name, position)");
    public CopyTable ChargeCategory { get; } = new("charge_category (account, id, name)");
    public CopyTable Class { get; } =
        new("class (account, id, name, program, level, instructor, location, weekday, starts, minutes, monthly_fee)");
    public CopyTable Policy { get; } = new("policy (account, name, body, since)");
    public CopyTable Family { get; } = new("family (account, id, name, created_at)");
    public CopyTable Guardian { get; } = new("guardian (account, id, family, position, first_name, last_name)");
    public CopyTable Email { get; } = new("email (account, family, email)");
    public CopyTable Phone { get; } = new("phone (account, family, phone, kind)");
    public CopyTable Student { get; } = new("student (account, id, family, first_name, last_name, birth_date, created_at)");
    public CopyTable Enrollment { get; } =
        new("enrollment (account, id, student, class, type, source, created_at, created_by, start_date, drop_date, drop_reason, "
            + "drop_notes, dropped_at, dropped_by, transferred_to)");
    public CopyTable Attendance { get; } = new("attendance (account, enrollment, date, present, marked_at, marked_by)");
    public CopyTable Charge { get; } =
        new("charge (account, id, family, student, program, category, description, charge_date, due_date, amount, tax, created_at, "
            + "created_by, deleted_at, deleted_by)");
    public CopyTable Payment { get; } =
        new("payment (account, id, family, received_at, method, card_brand, card_last_four, check_number, transaction_number, amount, "
            + "status, taken_by)");
    public CopyTable PaymentEvent { get; } = new("payment_event (account, id, payment, kind, refund, amount, at, made_by, reason)");
    public CopyTable Credit { get; } = new("credit (account, id, family, type, amount, at, made_by)");
    public CopyTable Application { get; } = new("application (account, id, payment, credit, charge, amount, tax, at)");

    IEnumerable<CopyTable> InOrder =>
    [
        Account, Staff, UserGroup, StaffUserGroup, StaffPermission, Program, Level, ChargeCategory, Class, Policy, Family, Guardian, Email,
        Phone, Student,
        Enrollment, Attendance, Charge, Payment, PaymentEvent, Credit, Application
    ];

    /// <summary>One transaction: an account is created completely or not at all.</summary>
    public async Task Save(NpgsqlDataSource db, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var bulk = new NpgsqlCommand(Bulk, connection))
            await bulk.ExecuteNonQueryAsync(cancel);
        foreach (var table in InOrder)
            await table.Copy(connection, cancel);
        await transaction.CommitAsync(cancel);
    }

    // Nobody reads this account's change feed yet; and if the database allows it, references are not checked row by row: they are correct
    // by construction, and checking takes longer than copying.
    const string Bulk = """
        select set_config('office.bulk', 'on', true);
        select set_config('session_replication_role', 'replica', true) from pg_roles where rolname = current_user and rolsuper
        """;
}
