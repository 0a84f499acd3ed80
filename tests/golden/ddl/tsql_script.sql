:setvar DatabaseName "Shop"
USE [Shop]
GO
SET ANSI_NULLS ON
GO
CREATE TYPE [dbo].[Flag] FROM [bit] NOT NULL
GO
IF NOT EXISTS (SELECT * FROM sys.objects WHERE name = N'Product')
CREATE TABLE [dbo].[Product](
	[ProductID] [int] IDENTITY(1,1) NOT NULL,
	[Name] [nvarchar](50) NOT NULL,
	"Order Count" "int" NULL CONSTRAINT "DF_Count" DEFAULT (0),
	[Price] [money] NOT NULL,
	[Weight] [decimal](8, 2) NULL,
	[Body] [nvarchar](max) NULL,
	[Flag] [dbo].[Flag],
	[rowguid] [uniqueidentifier] ROWGUIDCOL NOT NULL,
	[Owner] sysname NULL,
	[Node] [hierarchyid] NULL,
	[Small] [tinyint] NULL,
	[Code] char(4) NOT NULL CHECK ([Code] LIKE '[A-Z][0-9][0-9][0-9]'),
	[Total]  AS (isnull([Price]*[Weight],(0.00))) PERSISTED,
	[ModifiedDate] [datetime] NOT NULL,
 CONSTRAINT [PK_Product] PRIMARY KEY CLUSTERED
(
	[ProductID] ASC
)WITH (PAD_INDEX = OFF, IGNORE_DUP_KEY = OFF) ON [PRIMARY]
) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
GO
CREATE TABLE [sales].[Line](
	[LineID] bigint NOT NULL PRIMARY KEY NONCLUSTERED,
	[ProductID] int NOT NULL,
	[Kind] nchar(1) NOT NULL,
	INDEX IX_Kind NONCLUSTERED ([Kind])
)
ALTER TABLE [dbo].[Product] ADD CONSTRAINT [DF_Product_Modified] DEFAULT (getdate()) FOR [ModifiedDate]
GO
ALTER TABLE [sales].[Line]  WITH CHECK ADD  CONSTRAINT [FK_Line_Product] FOREIGN KEY([ProductID])
REFERENCES [dbo].[Product] ([ProductID])
ON DELETE CASCADE
GO
ALTER TABLE [sales].[Line] CHECK CONSTRAINT [FK_Line_Product]
GO
ALTER TABLE [sales].[Line]  WITH CHECK ADD  CONSTRAINT [CK_Kind] CHECK  ((upper([Kind])='A' OR [Kind] IS NULL))
GO
CREATE UNIQUE NONCLUSTERED INDEX [AK_Name] ON [dbo].[Product] ([Name] ASC) INCLUDE ([Price]) ON [PRIMARY]
GO
CREATE PROCEDURE dbo.p AS
BEGIN
  CREATE TABLE #scratch (id int)
  CREATE TABLE not_me (id int)
END
GO
EXEC sys.sp_addextendedproperty @name=N'MS_Description', @value=N'what we sell' , @level0type=N'SCHEMA',@level0name=N'dbo', @level1type=N'TABLE',@level1name=N'Product'
EXEC sys.sp_addextendedproperty N'MS_Description', N'list price', N'SCHEMA', N'dbo', N'TABLE', N'Product', N'COLUMN', N'Price'
GO
INSERT INTO [sales].[Line] VALUES (1, 2, N'GO')
PRINT 'done'
